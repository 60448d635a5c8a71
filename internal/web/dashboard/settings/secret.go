package settings

import (
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
)

// showSecret answers an owner who gives their password with the page itself, which
// shows the secret this once.
func (d pages) showSecret(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.withSecret(w, r, scope, func(v *tokensView) (err error) {
		v.Secret, err = d.Businesses.SigningSecret(r.Context(), scope.Business.ID)
		return err
	})
}

// changeSecret makes a new signing secret and shows it. The old one signs beside
// it for a week, unless it is to end at once.
func (d pages) changeSecret(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.withSecret(w, r, scope, func(v *tokensView) (err error) {
		overlap, said := business.SigningOverlap, scope.T("The old one stays valid for 7 days.")
		if frame.Ticked(r.PostForm, "at_once") {
			overlap, said = 0, scope.T("The old one is no longer valid.")
		}
		if err := d.Businesses.ChangeSigningSecret(r.Context(), scope.Business.ID, overlap); err != nil {
			return err
		}
		v.Changed = said
		v.Secret, err = d.Businesses.SigningSecret(r.Context(), scope.Business.ID)
		return err
	})
}

// withSecret does something for an owner who knows their password, and shows the
// page.
func (d pages) withSecret(w http.ResponseWriter, r *http.Request, scope *frame.Scope, do func(v *tokensView) error) error {
	if scope.Member.Role != account.Owner {
		return fault.New(fault.Forbidden, "Only owners see and change the signing secret.")
	}
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	_, wrong := d.Accounts.Confirm(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"))
	v, err := d.tokensView(r, scope, []string{string(account.All)})
	if err != nil {
		return err
	}
	if wrong != nil {
		p, ok := frame.ProblemsOf(scope.Reader, wrong, nil)
		if !ok {
			return wrong
		}
		v.SecretWrong = p
		return d.showTokensPage(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	if err := do(&v); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return d.showTokensPage(w, r, scope, http.StatusOK, v)
}
