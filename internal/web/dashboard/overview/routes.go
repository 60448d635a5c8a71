// Package overview is the start page of a business: its figures and the first steps.
package overview

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of the start page of a business.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("", frame.Members, d.showOverview),
		frame.Get("/{$}", frame.Members, d.showOverview),
		frame.Get("/live", frame.Members, d.followBusiness),
		frame.Get("/go-live", frame.Managers, d.showGoLive),
		frame.Post("/go-live", frame.Managers, "Made a link to try real money", d.tryRealMoney),
		frame.PostUnaudited("/checklist", frame.Managers, d.hideChecklist),
	}
}
