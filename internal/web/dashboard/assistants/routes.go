// Package assistants is what members allow assistants: the page that asks them, and the
// list of what they have allowed.
package assistants

import (
	"smartlinks/internal/account"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/oauth"
)

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of Settings → Assistants. Staff see and revoke what they
// have allowed themselves.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/assistants", frame.Members, d.list),
		frame.Get("/settings/assistants/{id}/revoke", frame.Members, d.askRevoke),
		frame.Post("/settings/assistants/{id}/revoke", frame.Members, "Revoked an assistant", d.revoke),
	}
}

// OpenRoutes are the page that asks a member what a program may do, and the answer.
func OpenRoutes(dashboard *frame.Dashboard) []frame.OpenRoute {
	d := pages{dashboard}
	return []frame.OpenRoute{
		frame.Open("GET "+oauth.AuthorizePath, d.ask),
		frame.Open("POST "+oauth.AuthorizePath, d.decide),
	}
}

// right is what one scope lets an assistant do.
type right struct {
	scope   account.Scope
	changes bool   // not only reads
	label   string // on the page that asks
	short   string // in the list
}

// rights are what an assistant can be allowed, in the order in which they are shown.
func rights() []right {
	return []right{
		{account.LinksRead, false, i18n.Mark("See links and their figures"), i18n.Mark("Links")},
		{account.CustomersRead, false, i18n.Mark("See customers"), i18n.Mark("Customers")},
		{account.PaymentsRead, false, i18n.Mark("See payments"), i18n.Mark("Payments")},
		{account.LinksWrite, true, i18n.Mark("Make, change and send links, and remind"), i18n.Mark("Make and send links")},
		{account.CustomersWrite, true, i18n.Mark("Add customers"), i18n.Mark("Add customers")},
		{account.PaymentsWrite, true, i18n.Mark("Refund payments"), i18n.Mark("Refund payments")},
	}
}
