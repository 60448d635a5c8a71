// Package sending sends links to customers, tells what became of it, and asks again.
package sending

import "smartlinks/internal/web/dashboard/frame"

// Pages are the pages of this package, for those that show what it knows.
type Pages struct{ *frame.Dashboard }

// Routes are the pages and actions of sending a link and asking again.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := Pages{dashboard}
	return []frame.Route{
		frame.Get("/links/send-ways", frame.Members, d.showSendWays),
		frame.Get("/links/reminder-dates", frame.Members, d.showReminderDates),
		frame.Get("/customers/find", frame.Members, d.findCustomer),
		frame.Get("/customers/ticks", frame.Members, d.showPeople),
		frame.Get("/links/{id}/send", frame.Members, d.showSend),
		frame.Post("/links/{id}/send", frame.Members, "Sent a link", d.sendLink),
		frame.Post("/deliveries/{id}/take-back", frame.Members, "Took a scheduled message back", d.takeBack),
		frame.PostUnaudited("/links/{id}/send/preview", frame.Members, d.previewLink),
		frame.Post("/links/{id}/reminders/pause", frame.Members, "Paused reminders", d.remind(d.Reminders.Pause, "The reminders rest")),
		frame.Post("/links/{id}/reminders/resume", frame.Members, "Resumed reminders", d.remind(d.Reminders.Resume, "The reminders go on")),
		frame.Post("/links/{id}/reminders/skip", frame.Members, "Skipped a reminder", d.remind(d.Reminders.Skip, "The next reminder is left out")),
		frame.Post("/links/{id}/reminders/send", frame.Members, "Sent a reminder early", d.remind(d.Reminders.SendNow, "The reminder is on its way")),
	}
}
