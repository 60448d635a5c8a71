// Package returned is where a business says how it hears of mail that comes back, and
// sees what did.
package returned

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the page of returned mail and its actions.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/email/returned", frame.Managers, d.show),
		frame.Post("/settings/email/returned", frame.Managers, "Changed how returned mail is read", d.save),
		frame.Post("/settings/email/returned/lift", frame.Managers, "Let an address be written to again", d.lift),
	}
}
