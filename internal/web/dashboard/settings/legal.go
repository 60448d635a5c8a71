package settings

import (
	"net/http"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// legalView is the form of Settings → Terms and privacy.
type legalView struct {
	frame.Problems
	Settings       frame.SettingsView
	Version        string
	Terms, Privacy string
}

func (d pages) showLegal(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showLegalForm(w, r, scope, http.StatusOK, legalViewOf(scope))
}

func legalViewOf(scope *frame.Scope) legalView {
	return legalView{
		Settings: frame.SettingsAt(scope, "legal"), Version: strconv.FormatInt(scope.Business.Version, 10),
		Terms: scope.Business.TermsURL, Privacy: scope.Business.PrivacyURL,
	}
}

func (d pages) showLegalForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v legalView) error {
	return frame.Render(w, r, status, legalPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) saveLegal(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := legalViewOf(scope)
	v.Terms, v.Privacy = frame.WebAddress(r.PostForm.Get("terms_url")), frame.WebAddress(r.PostForm.Get("privacy_url"))
	_, err := d.Businesses.Update(r.Context(), scope.Business.ID, frame.VersionFrom(r.PostForm), business.Patch{TermsURL: &v.Terms, PrivacyURL: &v.Privacy})
	if fault.Is(err, fault.Stale) {
		v.Problems = frame.StaleProblem(scope.Reader, scope.Base+"/settings/legal")
		return d.showLegalForm(w, r, scope, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		v.Problems = p
		return d.showLegalForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your terms and privacy links are saved")})
	return frame.Redirect(w, r, scope.Base+"/settings/legal")
}
