// Package links are the operations on links: making, sending, reminding, and what happened to them.
package links

import "smartlinks/internal/web/api/frame"

// Handlers have the features that the operations open.
type Handlers struct{ *frame.API }

// Register adds the operations to the API.
func Register(api *frame.API) {
	a := Handlers{api}
	a.links()
	a.sending()
	a.reminding()
}
