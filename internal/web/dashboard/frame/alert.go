package frame

import (
	"net/http"

	"smartlinks/internal/message/texting"
	"smartlinks/internal/web/ui"
)

// keyAlert tells every page that payers can't pay, because the provider refuses
// the key in use.
func (d *Dashboard) keyAlert(r *http.Request, scope *Scope) *ui.Alert {
	a, err := d.attention(r.Context(), scope)
	if err != nil || !a.KeyRefused {
		return nil // where it can't be read the alert is missing, the page is not
	}
	return &ui.Alert{
		Text: scope.T("{{.Provider}} refuses your key, so nobody can pay. Enter a new one.", "Provider", scope.ProviderName(scope.Business.Provider)),
		Href: scope.Base + "/settings/providers", Action: scope.T("Open Providers"),
	}
}

// smsAlert tells every page that SMS wait, because the gateway refuses the
// account.
func (d *Dashboard) smsAlert(r *http.Request, scope *Scope) *ui.Alert {
	a, err := d.attention(r.Context(), scope)
	if err != nil || !a.SMSWait {
		return nil // as above
	}
	p, err := d.Messages.SMSProblem(r.Context(), d.DB, scope.Business.ID)
	if err != nil || p.Reason == "" {
		return nil
	}
	return &ui.Alert{Text: SmsProblemText(scope.Reader, p), Href: scope.Base + "/settings/sms", Action: scope.T("Open SMS settings")}
}

// SmsProblemText says what waits and who can mend it.
func SmsProblemText(reader Reader, p texting.Problem) string {
	reason := reader.Sentence(p.Reason)
	if !p.Own {
		return reader.T("Your text messages are waiting. {{.Reason}} The account belongs to this server: tell whoever runs it, or enter your own.", "Reason", reason)
	}
	return reader.T("Your text messages are waiting. {{.Reason}}", "Reason", reason)
}
