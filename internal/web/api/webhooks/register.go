// Package webhooks are the operations on webhook endpoints and events.
package webhooks

import "smartlinks/internal/web/api/frame"

// handlers have the features that the operations open.
type handlers struct{ *frame.API }

// Register adds the operations to the API.
func Register(api *frame.API) {
	a := handlers{api}
	a.endpoints()
	a.events()
}
