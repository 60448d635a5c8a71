// Package bank is where payers send money from their bank: the account, and what was sent.
package bank

import (
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/dashboard/frame"
)

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of bank transfers.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/bank", frame.Managers, d.showAccount),
		frame.Post("/settings/bank", frame.Managers, i18n.Mark("Changed the bank account"), d.saveAccount),
		frame.Post("/settings/bank/stop", frame.Managers, i18n.Mark("Stopped offering bank transfer"), d.stop),
		frame.Post("/transactions/{id}/release", frame.Managers, i18n.Mark("Released a bank transfer"), d.release),
		frame.Post("/transactions/{id}/keep", frame.Managers, i18n.Mark("Took another amount of a bank transfer as the payment"), d.keep),
		frame.Post("/transactions/{id}/gave-back", frame.Managers, i18n.Mark("Gave a bank transfer back"), d.gaveBack),
	}
}
