package dashboard

import (
	"net/http"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
)

// smsTestView is the form that sends a test.
type smsTestView struct{ Phone, Problem string }

// testSMS sends a test with what is stored, and says whether the gateway took it.
func (d *Dashboard) testSMS(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v, err := d.smsSettings(r, at)
	if err != nil {
		return err
	}
	v.Test.Phone = r.PostForm.Get("phone")
	to, refused := customer.ParsePhone(v.Test.Phone, at.Business)
	if refused != nil {
		v.Test.Problem = refused.Message
		return d.showSMSForm(w, r, at, http.StatusUnprocessableEntity, v)
	}
	err = d.Messages.SendTestSMS(r.Context(), at.Business, to)
	if f := fault.Of(err); err != nil && f.Code == fault.Unavailable {
		v.Test.Problem = f.Message
		return d.showSMSForm(w, r, at, http.StatusServiceUnavailable, v)
	}
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "A test is on its way to " + customer.ShownPhone(to)})
	return redirect(w, r, at.Base+"/settings/sms")
}

// retrySMS lets text messages that wait or failed begin anew.
func (d *Dashboard) retrySMS(w http.ResponseWriter, r *http.Request, at *room) error {
	n, err := d.Messages.TryTextsAgain(r.Context(), at.Business.ID)
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: ui.Plural(n, "SMS is", "SMS are") + " tried again now"})
	return redirect(w, r, at.Base+"/settings/sms")
}

// anyAgain reports whether one of the troubles can be tried again.
func (v smsSettingsView) anyAgain() bool {
	for _, t := range v.Troubles {
		if t.Again {
			return true
		}
	}
	return false
}
