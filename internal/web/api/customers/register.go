// Package customers are the operations on customers and their tags.
package customers

import "smartlinks/internal/web/api/frame"

// handlers have the features that the operations open.
type handlers struct{ *frame.API }

// Register adds the operations to the API.
func Register(api *frame.API) {
	a := handlers{api}
	a.customers()
	a.tags()
}
