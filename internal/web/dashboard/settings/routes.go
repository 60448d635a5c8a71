// Package settings is what the owner and the admins of a business set.
package settings

import (
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/dashboard/frame"
)

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of what an owner or an admin sets.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/page", frame.Members, d.showPageSettings),
		frame.Post("/page", frame.Managers, i18n.Mark("Changed the payment page"), d.savePageSettings),
		frame.Get("/settings/providers", frame.Managers, d.showProviders),
		frame.Post("/settings/providers", frame.Managers, i18n.Mark("Connected a provider"), d.connectProvider),
		frame.Post("/settings/providers/use", frame.Managers, i18n.Mark("Switched the account in use"), d.useProvider),
		frame.Post("/settings/providers/instant", frame.Managers, i18n.Mark("Changed the payment methods of limited links"), d.saveInstant),
		frame.Post("/settings/providers/disconnect", frame.Managers, i18n.Mark("Disconnected a provider"), d.disconnectProvider),
		frame.Get("/settings", frame.Members, d.showSettings),
		frame.Get("/settings/appearance", frame.Members, d.showAppearance),
		frame.PostUnaudited("/settings/appearance", frame.Members, d.saveAppearance),
		frame.Get("/settings/business", frame.Managers, d.showBusiness),
		frame.Post("/settings/business", frame.Managers, i18n.Mark("Changed the business"), d.saveBusiness),
		frame.Post("/settings/business/handles/let-go", frame.Managers, i18n.Mark("Released an old handle"), d.releaseHandle),
		frame.Get("/settings/legal", frame.Managers, d.showLegal),
		frame.Post("/settings/legal", frame.Managers, i18n.Mark("Changed terms and privacy"), d.saveLegal),
		frame.Get("/settings/tokens", frame.Managers, d.showTokens),
		frame.Post("/settings/tokens", frame.Managers, i18n.Mark("Created an API token"), d.createToken),
		frame.Post("/settings/tokens/payrequest", frame.Managers, i18n.Mark("Switched PayRequest’s API on or off"), d.switchPayRequest),
		frame.Post("/settings/tokens/{id}/revoke", frame.Managers, i18n.Mark("Revoked an API token"), d.revokeToken),
		frame.Post("/settings/tokens/secret", frame.Managers, i18n.Mark("Viewed the signing secret"), d.showSecret),
		frame.Post("/settings/tokens/secret/change", frame.Managers, i18n.Mark("Changed the signing secret"), d.changeSecret),
		frame.Get("/settings/audit", frame.Managers, d.showAudit),
	}
}
