// Package team is who belongs to a business.
package team

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of who belongs to the business.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/settings/team", frame.Managers, d.showTeam),
		frame.Post("/settings/team", frame.Managers, "Invited somebody", d.invite),
		frame.Post("/settings/team/invitations/{id}/again", frame.Managers, "Sent an invitation again", d.inviteAgain),
		frame.Post("/settings/team/invitations/{id}/back", frame.Managers, "Took an invitation back", d.uninvite),
		frame.Get("/settings/team/{id}/role", frame.Managers, d.askChangeRole),
		frame.Post("/settings/team/{id}/role", frame.Managers, "Changed a role", d.changeRole),
		// Everybody may leave, and comes here from My account; whom else one may take out
		// is for the account's rules.
		frame.Get("/settings/team/{id}/remove", frame.Members, d.askRemoveMember),
		frame.Post("/settings/team/{id}/remove", frame.Members, "Removed a member", d.removeMember),
	}
}
