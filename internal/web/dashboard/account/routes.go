// Package account is how people come in and what is their own: sign-in, setting an
// installation up, invitations, and the account with its passwords, second steps, passkeys
// and sessions.
package account

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of one’s own account.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return append(d.own(),
		frame.Get("/account/businesses/new", frame.Members, d.newBusiness),
		frame.PostUnaudited("/account/businesses", frame.Members, d.createBusiness),
	)
}

// own are those that no business has a part in.
func (d pages) own() []frame.Route {
	return []frame.Route{
		frame.Get("/account", frame.Members, d.showAccount),
		frame.PostUnaudited("/account/name", frame.Members, d.saveName),
		frame.PostUnaudited("/account/language", frame.Members, d.saveLanguage),
		frame.PostUnaudited("/account/address", frame.Members, d.askNewAddress),
		frame.PostUnaudited("/account/address/again", frame.Members, d.sendNewAddressAgain),
		frame.PostUnaudited("/account/address/cancel", frame.Members, d.cancelNewAddress),
		frame.PostUnaudited("/account/password", frame.Members, d.savePassword),
		frame.Get("/account/two-step", frame.Members, d.showTwoStep),
		frame.PostUnaudited("/account/two-step", frame.Members, d.turnOnTwoStep),
		frame.PostUnaudited("/account/two-step/prepare", frame.Members, d.prepareTwoStep),
		frame.PostUnaudited("/account/two-step/off", frame.Members, d.turnOffTwoStep),
		frame.Get("/account/two-step/codes", frame.Members, d.showCodes),
		frame.PostUnaudited("/account/two-step/codes", frame.Members, d.newCodes),
		frame.PostUnaudited("/account/passkeys/begin", frame.Members, d.beginPasskey),
		frame.PostUnaudited("/account/passkeys", frame.Members, d.addPasskey),
		frame.PostUnaudited("/account/passkeys/{id}/remove", frame.Members, d.removePasskey),
		frame.PostUnaudited("/account/sessions", frame.Members, d.endSessions),
		frame.Get("/account/data.json", frame.Members, d.exportAccount),
		frame.PostUnaudited("/account/remove", frame.Members, d.removeAccount),
	}
}

// OpenRoutes are the pages and actions of people who are not signed in to a business.
func OpenRoutes(dashboard *frame.Dashboard) []frame.OpenRoute {
	d := pages{dashboard}
	return append(d.Own(d.own()),
		frame.Open("GET /sign-in", d.showSignIn),
		frame.Open("POST /sign-in", d.signIn),
		frame.Open("POST /sign-out", d.signOut),
		frame.Open("POST /sign-in/passkey/ask", d.askPasskey),
		frame.Open("POST /sign-in/passkey", d.signInByPasskey),
		frame.Open("GET /sign-in/code", d.showCode),
		frame.Open("POST /sign-in/code", d.checkCode),
		frame.Open("GET /sign-in/forgot", d.showForgot),
		frame.Open("POST /sign-in/forgot", d.forgot),
		frame.Open("GET /sign-in/password", d.showNewPassword),
		frame.Open("POST /sign-in/password", d.saveNewPassword),
		frame.Open("GET /sign-in/address", d.showNewAddress),
		frame.Open("POST /sign-in/address", d.confirmNewAddress),
		frame.Open("GET /sign-in/invitation", d.showInvitation),
		frame.Open("POST /sign-in/invitation", d.accept),
		frame.Open("GET /setup", d.showSetup),
		frame.Open("POST /setup", d.setUp),
		frame.Open("GET /{$}", d.showStart),
		frame.Open("GET /dashboard", d.chooseBusiness),
		frame.Open("GET /dashboard/{$}", d.chooseBusiness),
	)
}
