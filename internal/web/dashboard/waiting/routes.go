// Package waiting shows the waiting list of a link: who waits for a place, in their order,
// and what the merchant does by hand.
package waiting

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the page of a waiting list and its actions.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/links/{id}/waiting-list", frame.Members, d.list),
		frame.Post("/waiting-list/{id}/offer", frame.Members, "Offered a place to somebody on a waiting list", d.offer),
		frame.Get("/waiting-list/{id}/remove", frame.Members, d.askRemove),
		frame.Post("/waiting-list/{id}/remove", frame.Members, "Removed somebody from a waiting list", d.remove),
	}
}
