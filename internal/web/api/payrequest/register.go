// Package payrequest are the operations for programs that were written for PayRequest.
package payrequest

import "smartlinks/internal/web/api/frame"

// handlers have the features that the operations open.
type handlers struct{ *frame.API }

// Register adds the operations to the API.
func Register(api *frame.API) {
	a := handlers{api}
	a.paymentLinks()
	a.paymentRequests()
	a.calls()
}
