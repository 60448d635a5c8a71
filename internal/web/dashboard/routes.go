package dashboard

import (
	"maps"
	"net/http"
	"strings"

	"smartlinks/internal/fault"
)

// routes lists every page and act. What stands under a handle goes through
// inside, which checks that the member belongs there.
func (d *Dashboard) routes(handle func(pattern string, h http.Handler)) {
	outside := func(pattern string, h handler) { handle(pattern, d.answer(h)) }
	words := actWords()
	maps.Copy(words, exportWords())
	inside := func(pattern string, h roomHandler) {
		handle(pattern, d.answer(d.inside(d.noted(words[act(pattern)], h))))
	}

	outside("GET /sign-in", d.showSignIn)
	outside("POST /sign-in", d.signIn)
	outside("POST /sign-out", d.signOut)
	outside("POST /sign-in/passkey/ask", d.askPasskey)
	outside("POST /sign-in/passkey", d.signInByPasskey)
	outside("GET /sign-in/code", d.showCode)
	outside("POST /sign-in/code", d.checkCode)
	outside("GET /sign-in/forgot", d.showForgot)
	outside("POST /sign-in/forgot", d.forgot)
	outside("GET /sign-in/password", d.showNewPassword)
	outside("POST /sign-in/password", d.saveNewPassword)
	outside("GET /sign-in/address", d.showNewAddress)
	outside("POST /sign-in/address", d.confirmNewAddress)
	outside("GET /sign-in/invitation", d.showInvitation)
	outside("POST /sign-in/invitation", d.accept)
	outside("GET /setup", d.showSetup)
	outside("POST /setup", d.setUp)
	outside("GET /{$}", d.showStart)
	for _, url := range scripts().URLs() {
		outside("GET "+url, d.serveScript)
	}
	outside("GET /dashboard", d.chooseBusiness)
	outside("GET /dashboard/{$}", d.chooseBusiness)

	const at = " /dashboard/{handle}"
	inside("GET"+at, d.showOverview)
	inside("GET"+at+"/{$}", d.showOverview)
	inside("GET"+at+"/live", d.followBusiness)
	inside("GET"+at+"/search", d.search)
	inside("POST"+at+"/checklist", manage(d.hideChecklist))
	inside("GET"+at+"/page", d.showPageSettings)
	inside("POST"+at+"/page", manage(d.savePageSettings))

	inside("GET"+at+"/account", d.showAccount)
	inside("POST"+at+"/account/name", d.saveName)
	inside("POST"+at+"/account/address", d.askNewAddress)
	inside("POST"+at+"/account/password", d.savePassword)
	inside("GET"+at+"/account/two-step", d.showTwoStep)
	inside("POST"+at+"/account/two-step", d.turnOnTwoStep)
	inside("POST"+at+"/account/two-step/prepare", d.prepareTwoStep)
	inside("POST"+at+"/account/two-step/off", d.turnOffTwoStep)
	inside("POST"+at+"/account/two-step/codes", d.newCodes)
	inside("POST"+at+"/account/passkeys/begin", d.beginPasskey)
	inside("POST"+at+"/account/passkeys", d.addPasskey)
	inside("POST"+at+"/account/passkeys/{id}/remove", d.removePasskey)
	inside("POST"+at+"/account/sessions", d.endSessions)
	inside("GET"+at+"/account/businesses/new", d.newBusiness)
	inside("POST"+at+"/account/businesses", d.createBusiness)

	d.importRoutes(inside)
	inside("GET"+at+"/links", d.listLinks)
	inside("GET"+at+"/links.csv", d.exportLinks)
	inside("POST"+at+"/links", d.createLink)
	inside("POST"+at+"/links/bulk", d.bulkLinks)
	inside("GET"+at+"/links/new", d.newLink)
	inside("GET"+at+"/links/path", d.suggestPath)
	inside("GET"+at+"/links/after", d.showAfter)
	inside("GET"+at+"/links/send-ways", d.showSendWays)
	if d.TestClock != nil {
		inside("GET"+at+"/test-clock", manage(d.showClock))
		inside("POST"+at+"/test-clock", manage(d.moveClock))
	}
	inside("GET"+at+"/links/reminder-dates", d.showReminderDates)
	for act, do := range remindActs() {
		inside("POST"+at+"/links/{id}/reminders/"+act, d.actReminders(do))
	}
	inside("POST"+at+"/links/preview", d.previewNewLink)
	inside("GET"+at+"/links/preview/page", d.showPagePreview)
	inside("POST"+at+"/links/preview/page", d.showPagePreview)
	inside("POST"+at+"/links/check", d.checkLink)
	inside("GET"+at+"/customers/find", d.findCustomer)
	inside("GET"+at+"/customers/ticks", d.showPeople)
	inside("GET"+at+"/links/{id}/send", d.showSend)
	inside("POST"+at+"/links/{id}/send", d.sendLink)
	inside("POST"+at+"/links/{id}/send/preview", d.previewLink)
	inside("GET"+at+"/links/{id}", d.showLink)
	inside("GET"+at+"/links/{id}/live", d.followLink)
	inside("GET"+at+"/links/{id}/analytics", d.showAnalytics)
	inside("GET"+at+"/links/{id}/analytics.csv", d.exportAnalytics)
	inside("GET"+at+"/links/{id}/share", d.showShare)
	inside("GET"+at+"/links/{id}/edit", d.editLink)
	inside("POST"+at+"/links/{id}/edit", d.saveLink)
	inside("POST"+at+"/links/{id}/duplicate", d.duplicateLink)
	inside("POST"+at+"/links/{id}/active", d.switchLink)
	inside("POST"+at+"/links/{id}/tags", d.saveLinkTags)
	inside("GET"+at+"/links/{id}/delete", manage(d.askDeleteLink))
	inside("POST"+at+"/links/{id}/delete", manage(d.deleteLink))

	inside("GET"+at+"/transactions", d.listTransactions)
	inside("GET"+at+"/transactions.csv", d.exportTransactions)
	inside("GET"+at+"/transactions/review", d.showNeedsALook)
	inside("GET"+at+"/transactions/webhooks", manage(d.listWebhooks))
	inside("GET"+at+"/transactions/webhooks/{id}", manage(d.showWebhook))
	inside("GET"+at+"/transactions/{id}", d.showTransaction)
	inside("POST"+at+"/transactions/{id}/looked-at", d.lookedAt)
	inside("POST"+at+"/transactions/{id}/check", d.checkTransaction)
	inside("POST"+at+"/transactions/{id}/refund", manage(d.giveBack))
	inside("POST"+at+"/transactions/{id}/refund-again", manage(d.refundAgain))

	inside("GET"+at+"/products", d.listProducts)
	inside("GET"+at+"/products.csv", d.exportProducts)
	inside("POST"+at+"/products", d.createProduct)
	inside("GET"+at+"/products/new", d.newProduct)
	inside("GET"+at+"/products/{id}", d.editProduct)
	inside("POST"+at+"/products/{id}", d.saveProduct)
	inside("POST"+at+"/products/{id}/active", d.switchProduct)

	inside("GET"+at+"/settings/team", manage(d.showTeam))
	inside("POST"+at+"/settings/team", manage(d.invite))
	inside("POST"+at+"/settings/team/invitations/{id}/again", manage(d.inviteAgain))
	inside("POST"+at+"/settings/team/invitations/{id}/back", manage(d.uninvite))
	inside("GET"+at+"/settings/team/{id}/role", manage(d.askChangeRole))
	inside("POST"+at+"/settings/team/{id}/role", manage(d.changeRole))
	inside("GET"+at+"/settings/team/{id}/remove", manage(d.askRemoveMember))
	inside("POST"+at+"/settings/team/{id}/remove", manage(d.removeMember))
	inside("GET"+at+"/settings/providers", manage(d.showProviders))
	inside("POST"+at+"/settings/providers", manage(d.connectProvider))
	inside("POST"+at+"/settings/providers/use", manage(d.useProvider))
	inside("POST"+at+"/settings/providers/instant", manage(d.saveInstant))
	inside("POST"+at+"/settings/providers/disconnect", manage(d.disconnectProvider))

	inside("GET"+at+"/settings/email", manage(d.showMailSettings))
	inside("POST"+at+"/settings/email", manage(d.saveMailSettings))
	inside("GET"+at+"/settings/sms", manage(d.showSMSSettings))
	inside("POST"+at+"/settings/sms", manage(d.saveSMSSettings))
	inside("POST"+at+"/settings/sms/retry", manage(d.retrySMS))
	inside("POST"+at+"/settings/sms/test", manage(d.testSMS))
	inside("POST"+at+"/settings/email/retry", manage(d.retryMails))
	inside("GET"+at+"/settings/email/{kind}", manage(d.showMailTemplate))
	inside("POST"+at+"/settings/email/{kind}", manage(d.saveMailTemplate))
	inside("POST"+at+"/settings/email/{kind}/test", manage(d.testMailTemplate))
	inside("POST"+at+"/settings/email/{kind}/reset", manage(d.resetMailTemplate))
	inside("GET"+at+"/settings/email/{kind}/preview", manage(d.previewMail))
	inside("POST"+at+"/settings/email/{kind}/preview", manage(d.previewMail))
	inside("GET"+at+"/settings", d.showSettings)
	inside("GET"+at+"/settings/appearance", d.showAppearance)
	inside("POST"+at+"/settings/appearance", d.saveAppearance)
	inside("GET"+at+"/settings/business", manage(d.showBusiness))
	inside("POST"+at+"/settings/business", manage(d.saveBusiness))
	inside("POST"+at+"/settings/business/handles/let-go", manage(d.letHandleGo))
	inside("GET"+at+"/settings/legal", manage(d.showLegal))
	inside("POST"+at+"/settings/legal", manage(d.saveLegal))
	inside("GET"+at+"/settings/tokens", manage(d.showTokens))
	inside("POST"+at+"/settings/tokens", manage(d.createToken))
	inside("POST"+at+"/settings/tokens/payrequest", manage(d.switchPayRequest))
	inside("POST"+at+"/settings/tokens/{id}/revoke", manage(d.revokeToken))
	inside("POST"+at+"/settings/tokens/secret", manage(d.showSecret))
	inside("POST"+at+"/settings/tokens/secret/change", manage(d.changeSecret))
	inside("GET"+at+"/settings/audit", manage(d.showAudit))
	inside("GET"+at+"/settings/webhooks", manage(d.listEndpoints))
	inside("POST"+at+"/settings/webhooks", manage(d.createEndpoint))
	inside("GET"+at+"/settings/webhooks/{id}", manage(d.showEndpoint))
	inside("POST"+at+"/settings/webhooks/{id}", manage(d.saveEndpoint))
	inside("POST"+at+"/settings/webhooks/{id}/active", manage(d.switchEndpoint))
	inside("POST"+at+"/settings/webhooks/{id}/rotate", manage(d.rotateEndpoint))
	inside("POST"+at+"/settings/webhooks/{id}/test", manage(d.testEndpoint))
	inside("POST"+at+"/settings/webhooks/{id}/period", manage(d.sendPeriod))
	inside("POST"+at+"/settings/webhooks/{id}/delete", manage(d.deleteEndpoint))
	inside("GET"+at+"/settings/webhooks/{id}/events/{event}", manage(d.showHookSent))
	inside("POST"+at+"/settings/webhooks/{id}/events/{event}/again", manage(d.sendAgain))

	inside("GET"+at+"/customers", d.listCustomers)
	inside("GET"+at+"/customers.csv", d.exportCustomers)
	inside("POST"+at+"/customers", d.createCustomer)
	inside("GET"+at+"/customers/new", d.newCustomer)
	inside("GET"+at+"/customers/{id}", d.showCustomer)
	inside("GET"+at+"/customers/{id}/edit", d.editCustomer)
	inside("POST"+at+"/customers/{id}/edit", d.saveCustomer)
	inside("GET"+at+"/customers/{id}/merge", manage(d.askMerge))
	inside("POST"+at+"/customers/{id}/merge", manage(d.mergeCustomer))
	inside("GET"+at+"/customers/{id}/data.json", manage(d.exportCustomer))
	inside("GET"+at+"/customers/{id}/erase", manage(d.askErase))
	inside("POST"+at+"/customers/{id}/erase", manage(d.eraseCustomer))
	inside("GET"+at+"/customers/{id}/delete", manage(d.askDeleteCustomer))
	inside("POST"+at+"/customers/{id}/delete", manage(d.deleteCustomer))

	inside("GET"+at+"/tags", d.listTags)
	inside("POST"+at+"/tags", d.createTag)
	inside("GET"+at+"/tags/{id}", d.showTag)
	inside("POST"+at+"/tags/{id}", d.saveTag)
	inside("POST"+at+"/tags/{id}/merge", manage(d.mergeTag))
	inside("POST"+at+"/tags/{id}/delete", manage(d.deleteTag))

	inside("GET"+at+"/images/{id}", d.showImage)
	inside("GET"+at+"/{rest...}", notHere)
	outside("/", nothingHere)
}

func notHere(http.ResponseWriter, *http.Request, *room) error {
	return fault.New(fault.NotFound, "This page does not exist.")
}

func nothingHere(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.NotFound, "This page does not exist.")
}

// act is the pattern of a POST behind the handle, or of a GET that hands personal
// data out in bulk, "" of any other request.
func act(pattern string) string {
	if out, _ := strings.CutPrefix(pattern, "GET /dashboard/{handle}"); exportWords()[out] != "" {
		return out
	}
	behind, _ := strings.CutPrefix(pattern, "POST /dashboard/{handle}")
	if behind == pattern {
		return ""
	}
	return behind
}

// manage admits owners and admins only.
func manage(h roomHandler) roomHandler {
	return func(w http.ResponseWriter, r *http.Request, at *room) error {
		if !at.mayManage() {
			return fault.New(fault.Forbidden, "Only an owner or an admin of this business may do that. Ask one of them.")
		}
		return h(w, r, at)
	}
}
