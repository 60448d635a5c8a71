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
	return d.withSecret(w, r, scope, func() error {
		v, err := d.tokensView(r, scope, []string{string(account.All)})
		if err != nil {
			return err
		}
		if v.Secret, err = d.Businesses.SigningSecret(r.Context(), scope.Business.ID); err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		return d.showTokensPage(w, r, scope, http.StatusOK, v)
	})
}

// changeSecret makes a new signing secret and leads to the page, which shows it. The old
// one signs beside it for a week, unless it is to end at once.
func (d pages) changeSecret(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.withSecret(w, r, scope, func() error {
		overlap, said := business.SigningOverlap, scope.T("The old one stays valid for 7 days.")
		if frame.Ticked(r.PostForm, "at_once") {
			overlap, said = 0, scope.T("The old one is no longer valid.")
		}
		if err := d.Businesses.ChangeSigningSecret(r.Context(), scope.Business.ID, overlap); err != nil {
			return err
		}
		secret, err := d.Businesses.SigningSecret(r.Context(), scope.Business.ID)
		if err != nil {
			return err
		}
		if err := d.ShowOnce(r, signingOnce+string(scope.Business.ID), frame.Once{Text: secret, Said: said}); err != nil {
			return err
		}
		return frame.Redirect(w, r, scope.Base+"/settings/tokens#signing")
	})
}

// withSecret does something for an owner who knows their password.
func (d pages) withSecret(w http.ResponseWriter, r *http.Request, scope *frame.Scope, do func() error) error {
	if scope.Member.Role != account.Owner {
		return fault.New(fault.Forbidden, "Only owners see and change the signing secret.")
	}
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	_, wrong := d.Accounts.Confirm(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"))
	if wrong == nil {
		return do()
	}
	v, err := d.tokensView(r, scope, []string{string(account.All)})
	if err != nil {
		return err
	}
	p, ok := frame.ProblemsOf(scope.Reader, wrong, nil)
	if !ok {
		return wrong
	}
	v.SecretWrong = p
	return d.showTokensPage(w, r, scope, http.StatusUnprocessableEntity, v)
}
