// Package links is the list of smart links, a link’s page with its figures.
package links

import (
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
)

// pages have the services that the handlers need.
type pages struct{ sending.Pages }

// Routes are the pages and actions of smart links.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{sending.Pages{Dashboard: dashboard}}
	return []frame.Route{
		frame.Get("/links", frame.Members, d.listLinks),
		frame.Download("/links.csv", frame.Members, "Exported links", d.exportLinks),
		frame.Post("/links/bulk", frame.Members, "Changed many links", d.bulkLinks),
		frame.Get("/links/{id}", frame.Members, d.showLink),
		frame.Get("/links/{id}/live", frame.Members, d.followLink),
		frame.Get("/links/{id}/analytics", frame.Members, d.showAnalytics),
		frame.Get("/links/{id}/analytics.csv", frame.Members, d.exportAnalytics),
		frame.Post("/links/{id}/duplicate", frame.Members, "Duplicated a link", d.duplicateLink),
		frame.Post("/links/{id}/active", frame.Members, "Switched a link on or off", d.switchLink),
		frame.Post("/links/{id}/tags", frame.Members, "Changed a link’s tags", d.saveLinkTags),
		frame.Get("/links/{id}/delete", frame.Managers, d.askDeleteLink),
		frame.Post("/links/{id}/delete", frame.Managers, "Deleted a link", d.deleteLink),
	}
}
