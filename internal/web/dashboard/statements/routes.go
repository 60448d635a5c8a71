// Package statements is what banks say of the business's account: files that are read,
// looked at and booked, and what in them a person must decide.
package statements

import (
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/dashboard/frame"
)

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of bank statements. Decisions log themselves.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/statements", frame.Managers, d.list),
		frame.Post("/statements", frame.Managers, i18n.Mark("Read a bank statement"), d.upload),
		frame.Get("/statements/{id}", frame.Managers, d.show),
		frame.PostUnaudited("/statements/{id}/decide", frame.Managers, d.decide),
		frame.Post("/statements/{id}/book", frame.Managers, i18n.Mark("Booked a bank statement"), d.book),
		frame.Post("/statements/{id}/discard", frame.Managers, i18n.Mark("Discarded a bank statement"), d.discard),
	}
}
