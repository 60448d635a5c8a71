package messages

import (
	"net/http"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// smsTestView is the form that sends a test.
type smsTestView struct{ Phone, Problem string }

// testSMS sends a test with what is stored, and says whether the gateway took it.
func (d pages) testSMS(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v, err := d.smsSettings(r, scope)
	if err != nil {
		return err
	}
	v.Test.Phone = r.PostForm.Get("phone")
	to, refused := customer.ParsePhone(v.Test.Phone, scope.Business)
	if refused != nil {
		v.Test.Problem = scope.Sentence(refused.Message)
		return d.showSMSForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	err = d.Messages.SendTestSMS(r.Context(), scope.Business, to)
	if f := fault.Of(err); err != nil && f.Code == fault.Unavailable {
		v.Test.Problem = scope.Sentence(f.Message)
		return d.showSMSForm(w, r, scope, http.StatusServiceUnavailable, v)
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("A test is on its way to {{.To}}", "To", customer.ShownPhone(to))})
	return frame.Redirect(w, r, scope.Base+"/settings/sms")
}

// retrySMS lets text messages that wait or failed begin anew.
func (d pages) retrySMS(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	n, err := d.Messages.RetrySMS(r.Context(), scope.Business.ID)
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.N(n, "{{.Count}} SMS is tried again now", "{{.Count}} SMS are tried again now")})
	return frame.Redirect(w, r, scope.Base+"/settings/sms")
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
