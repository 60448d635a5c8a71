package dashboard

import (
	"net/http"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
)

// legalView is the form of Settings → Terms and privacy.
type legalView struct {
	problems
	Settings       settingsView
	Version        string
	Terms, Privacy string
}

func (d *Dashboard) showLegal(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.showLegalForm(w, r, at, http.StatusOK, legalViewOf(at))
}

func legalViewOf(at *room) legalView {
	return legalView{
		Settings: settingsAt(at, "legal"), Version: strconv.FormatInt(at.Business.Version, 10),
		Terms: at.Business.TermsURL, Privacy: at.Business.PrivacyURL,
	}
}

func (d *Dashboard) showLegalForm(w http.ResponseWriter, r *http.Request, at *room, status int, v legalView) error {
	return render(w, r, status, legalPage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) saveLegal(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := legalViewOf(at)
	v.Terms, v.Privacy = webAddress(r.PostForm.Get("terms_url")), webAddress(r.PostForm.Get("privacy_url"))
	_, err := d.Businesses.Update(r.Context(), at.Business.ID, versionFrom(r.PostForm), business.Patch{TermsURL: &v.Terms, PrivacyURL: &v.Privacy})
	if fault.Is(err, fault.Stale) {
		v.problems = staleProblem(at.Base + "/settings/legal")
		return d.showLegalForm(w, r, at, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := problemsOf(err, nil)
		if !ok {
			return err
		}
		v.problems = p
		return d.showLegalForm(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: "Your terms and privacy links are saved"})
	return redirect(w, r, at.Base+"/settings/legal")
}
