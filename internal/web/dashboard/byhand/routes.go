// Package byhand records money that reached the business outside any provider.
package byhand

import (
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
)

// pages have the services that the handlers need.
type pages struct{ sending.Pages }

// Routes are the pages on which payments are recorded.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{sending.Pages{Dashboard: dashboard}}
	return []frame.Route{
		frame.Get("/record", frame.Members, d.chooseLink),
		frame.Get("/links/{id}/record", frame.Members, d.showRecord),
		frame.Post("/links/{id}/record", frame.Members, "Recorded a payment by hand", d.record),
	}
}
