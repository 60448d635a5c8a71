// Package batches asks many people for money at once: from a file, each row of which
// becomes a personal link that is sent, or by links that are there.
package batches

import (
	"smartlinks/internal/delivery"
	"smartlinks/internal/web/dashboard/frame"
)

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of requests from a file, and of sending and reminding
// from the list of links.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/links/send", frame.Members, d.showMany(delivery.KindSend)),
		frame.Post("/links/send/bulk", frame.Members, "Sent many links", d.askMany(delivery.KindSend)),
		frame.Get("/links/remind", frame.Members, d.showMany(delivery.KindReminder)),
		frame.Post("/links/remind/bulk", frame.Members, "Sent reminders for many links", d.askMany(delivery.KindReminder)),
		frame.Get("/links/requests", frame.Members, d.showNew),
		frame.Post("/links/requests", frame.Members, "Uploaded a list of requests", d.read),
		frame.Get("/links/requests/example.csv", frame.Members, d.example),
		frame.Get("/requests/{id}", frame.Members, d.showBatch),
		frame.Get("/requests/{id}/live", frame.Members, d.follow),
		frame.Get("/requests/{id}/problems.csv", frame.Members, d.problems),
		frame.PostUnaudited("/requests/{id}/count", frame.Members, d.count),
		frame.Post("/requests/{id}/send", frame.Members, "Sent a list of requests", d.send),
		frame.Post("/requests/{id}/stop", frame.Members, "Stopped a list of requests", d.stop),
		frame.PostUnaudited("/requests/{id}/discard", frame.Members, d.discard),
	}
}
