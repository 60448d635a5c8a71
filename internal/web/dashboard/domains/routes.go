// Package domains is Settings → Domains: the business's own host names.
package domains

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of Settings → Domains.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/domains", frame.Managers, d.list),
		frame.Post("/settings/domains", frame.Managers, "Added a domain", d.add),
		frame.Post("/settings/domains/{id}/check", frame.Managers, "Looked for a domain’s records", d.check),
		frame.Post("/settings/domains/{id}/use", frame.Managers, "Chose the domain for new links", d.use),
		frame.Get("/settings/domains/{id}/remove", frame.Managers, d.askRemove),
		frame.Post("/settings/domains/{id}/remove", frame.Managers, "Removed a domain", d.remove),
	}
}
