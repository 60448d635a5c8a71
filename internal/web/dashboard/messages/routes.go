// Package messages is how mails and SMS of a business are sent, and what they say.
package messages

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of how mails and SMS are sent, and their words.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/email", frame.Managers, d.showMailSettings),
		frame.Post("/settings/email", frame.Managers, "Changed how mail is sent", d.saveMailSettings),
		frame.Get("/settings/sms", frame.Managers, d.showSMSSettings),
		frame.Post("/settings/sms", frame.Managers, "Changed how SMS are sent", d.saveSMSSettings),
		frame.Post("/settings/sms/retry", frame.Managers, "Tried SMS again", d.retrySMS),
		frame.Post("/settings/sms/test", frame.Managers, "Sent a test SMS", d.testSMS),
		frame.Post("/settings/email/retry", frame.Managers, "Tried mails again", d.retryMails),
		frame.Get("/settings/email/{kind}", frame.Managers, d.showMailTemplate),
		frame.Post("/settings/email/{kind}", frame.Managers, "Changed the words of a mail", d.saveMailTemplate),
		frame.PostUnaudited("/settings/email/{kind}/blocks", frame.Managers, d.changeBlocks),
		frame.Post("/settings/email/{kind}/test", frame.Managers, "Sent a test mail", d.testMailTemplate),
		frame.Post("/settings/email/{kind}/reset", frame.Managers, "Took our words of a mail back", d.resetMailTemplate),
		frame.Get("/settings/email/{kind}/preview", frame.Managers, d.previewMail),
		frame.PostUnaudited("/settings/email/{kind}/preview", frame.Managers, d.previewMail),
	}
}
