// Package linkform is the form that makes and changes a link: two fields, and folded
// sections for everything else.
package linkform

import (
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
)

// pages have the services that the handlers need.
type pages struct{ sending.Pages }

// Routes are the form's pages, and what it asks while it is filled in.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{sending.Pages{Dashboard: dashboard}}
	return []frame.Route{
		frame.Post("/links", frame.Members, "Created a link", d.createLink),
		frame.Get("/links/new", frame.Members, d.newLink),
		frame.Get("/links/path", frame.Members, d.suggestPath),
		frame.Get("/links/after", frame.Members, d.showAfter),
		frame.PostUnaudited("/links/preview", frame.Members, d.previewNewLink),
		frame.Get("/links/preview/page", frame.Members, d.showPagePreview),
		frame.PostUnaudited("/links/preview/page", frame.Members, d.showPagePreview),
		frame.PostUnaudited("/links/check", frame.Members, d.checkLink),
		frame.Get("/links/{id}/edit", frame.Members, d.editLink),
		frame.Post("/links/{id}/edit", frame.Members, "Changed a link", d.saveLink),
	}
}
