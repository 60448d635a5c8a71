// Package tags is the tags of links and of customers.
package tags

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of tags.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/tags", frame.Members, d.listTags),
		frame.Post("/tags", frame.Members, "Created a tag", d.createTag),
		frame.Get("/tags/{id}", frame.Members, d.showTag),
		frame.Post("/tags/{id}", frame.Members, "Changed a tag", d.saveTag),
		frame.Post("/tags/{id}/merge", frame.Managers, "Merged two tags", d.mergeTag),
		frame.Post("/tags/{id}/delete", frame.Managers, "Deleted a tag", d.deleteTag),
	}
}
