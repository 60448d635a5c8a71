// Package coupons are the operations on coupons and their promotion codes.
package coupons

import "smartlinks/internal/web/api/frame"

// handlers have the features that the operations open.
type handlers struct{ *frame.API }

// Register adds the operations to the API.
func Register(api *frame.API) {
	a := handlers{api}
	a.coupons()
	a.codes()
}
