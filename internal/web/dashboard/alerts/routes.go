// Package alerts is Settings → Alerts: what a member is mailed of, on which devices, and
// the channels in which the business is told what happens.
package alerts

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of Settings → Alerts. Mails and devices are everybody's
// own; channels are for those who manage the business.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/alerts", frame.Members, d.show),
		frame.Post("/settings/alerts", frame.Members, "Chose what to be told by email", d.choose),
		frame.Post("/settings/alerts/devices", frame.Members, "Added a device for alerts", d.addDevice),
		frame.Post("/settings/alerts/channels", frame.Managers, "Added a channel for alerts", d.addChannel),
		frame.Post("/settings/alerts/{id}", frame.Members, "Changed what a channel tells", d.change),
		frame.Post("/settings/alerts/{id}/test", frame.Members, "Sent a test alert", d.try),
		frame.Post("/settings/alerts/{id}/remove", frame.Members, "Removed a channel for alerts", d.remove),
	}
}

// OpenRoutes are what a browser asks for to keep the dashboard as an app.
func OpenRoutes(dashboard *frame.Dashboard) []frame.OpenRoute {
	d := pages{dashboard}
	return []frame.OpenRoute{
		frame.Open("GET /dashboard/app.webmanifest", d.manifest),
		frame.Open("GET /dashboard/worker.js", d.worker),
	}
}
