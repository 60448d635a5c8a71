// Package payments are the operations on payments: refunds, what is recorded by hand, and who is asked again.
package payments

import "smartlinks/internal/web/api/frame"

// Handlers have the features that the operations open.
type Handlers struct{ *frame.API }

// Register adds the operations to the API.
func Register(api *frame.API) {
	a := Handlers{api}
	a.payments()
	a.recovering()
	a.byHand()
	a.refunds()
}
