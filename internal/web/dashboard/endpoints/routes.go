// Package endpoints is the business’s own webhook endpoints and the events sent to them.
package endpoints

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of the business’s own webhook endpoints.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/webhooks", frame.Managers, d.listEndpoints),
		frame.Post("/settings/webhooks", frame.Managers, "Added a webhook endpoint", d.createEndpoint),
		frame.Get("/settings/webhooks/{id}", frame.Managers, d.showEndpoint),
		frame.Post("/settings/webhooks/{id}", frame.Managers, "Changed a webhook endpoint", d.saveEndpoint),
		frame.Post("/settings/webhooks/{id}/active", frame.Managers, "Switched a webhook endpoint on or off", d.switchEndpoint),
		frame.Post("/settings/webhooks/{id}/rotate", frame.Managers, "Made a new webhook secret", d.rotateEndpoint),
		frame.Post("/settings/webhooks/{id}/test", frame.Managers, "Sent a test event", d.testEndpoint),
		frame.Post("/settings/webhooks/{id}/period", frame.Managers, "Sent a period of events again", d.sendPeriod),
		frame.Post("/settings/webhooks/{id}/delete", frame.Managers, "Deleted a webhook endpoint", d.deleteEndpoint),
		frame.Get("/settings/webhooks/{id}/events/{event}", frame.Managers, d.showHookSent),
		frame.Post("/settings/webhooks/{id}/events/{event}/again", frame.Managers, "Sent an event again", d.sendAgain),
	}
}
