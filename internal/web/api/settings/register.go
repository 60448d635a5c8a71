// Package settings are the operations on the business, its domains and the test clock.
package settings

import "smartlinks/internal/web/api/frame"

// handlers have the features that the operations open.
type handlers struct{ *frame.API }

// Register adds the operations to the API.
func Register(api *frame.API) {
	a := handlers{api}
	a.business()
	a.domains()
	if api.TestClock != nil {
		a.clock()
	}
}
