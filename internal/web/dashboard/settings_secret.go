package dashboard

import (
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
)

// showSecret answers an owner who gives their password with the page itself, which
// shows the secret this once.
func (d *Dashboard) showSecret(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.withSecret(w, r, at, func(v *tokensView) (err error) {
		v.Secret, err = d.Businesses.SigningSecret(r.Context(), at.Business.ID)
		return err
	})
}

// changeSecret makes a new signing secret and shows it. The old one signs beside
// it for a week, unless it is to end at once.
func (d *Dashboard) changeSecret(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.withSecret(w, r, at, func(v *tokensView) (err error) {
		overlap, said := business.SigningOverlap, "The old one signs beside it for 7 days."
		if ticked(r.PostForm, "at_once") {
			overlap, said = 0, "The old one signs no more."
		}
		if err := d.Businesses.ChangeSigningSecret(r.Context(), at.Business.ID, overlap); err != nil {
			return err
		}
		v.Changed = said
		v.Secret, err = d.Businesses.SigningSecret(r.Context(), at.Business.ID)
		return err
	})
}

// withSecret does something for an owner who knows their password, and shows the
// page.
func (d *Dashboard) withSecret(w http.ResponseWriter, r *http.Request, at *room, do func(v *tokensView) error) error {
	if at.Member.Role != account.Owner {
		return fault.New(fault.Forbidden, "Only owners see and change the signing secret.")
	}
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	_, wrong := d.Accounts.Confirm(r.Context(), at.Member.ID, r.PostForm.Get("current_password"))
	v, err := d.tokensView(r, at, []string{string(account.All)})
	if err != nil {
		return err
	}
	if wrong != nil {
		p, ok := problemsOf(wrong, nil)
		if !ok {
			return wrong
		}
		v.SecretWrong = p
		return d.showTokensPage(w, r, at, http.StatusUnprocessableEntity, v)
	}
	if err := do(&v); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return d.showTokensPage(w, r, at, http.StatusOK, v)
}
