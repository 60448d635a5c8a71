// Package transactions is payments and their refunds, and what providers sent.
package transactions

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of payments, refunds and what providers sent.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/transactions", frame.Members, d.listTransactions),
		frame.Download("/transactions.csv", frame.Members, "Exported transactions", d.exportTransactions),
		frame.Get("/transactions/review", frame.Members, d.showReview),
		frame.Get("/transactions/unfinished", frame.Members, d.showUnfinished),
		frame.Post("/transactions/unfinished", frame.Managers, "Changed when payers are asked again", d.changeRecovery),
		frame.Get("/transactions/webhooks", frame.Managers, d.listWebhooks),
		frame.Get("/transactions/webhooks/{id}", frame.Managers, d.showWebhook),
		frame.Get("/transactions/{id}", frame.Members, d.showTransaction),
		frame.Post("/transactions/{id}/looked-at", frame.Members, "Settled what needed a look", d.finishReview),
		frame.Post("/transactions/{id}/check", frame.Members, "Asked the provider about a payment", d.checkTransaction),
		frame.Post("/transactions/{id}/recover", frame.Members, "Asked who did not finish a payment", d.recoverPayment),
		frame.Post("/transactions/{id}/arrived", frame.Managers, "Booked a bank transfer", d.bookTransfer),
		frame.Post("/transactions/{id}/refund", frame.Managers, "Gave money back", d.giveBack),
		frame.Post("/transactions/{id}/refund-again", frame.Managers, "Tried a refund again", d.refundAgain),
	}
}
