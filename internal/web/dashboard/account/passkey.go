package account

import (
	"cmp"
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
)

// passkeyForm adds a passkey on the page of the account.
type passkeyForm struct {
	frame.Problems
	Name string
}

// passkeyRow is a passkey as the list shows it.
type passkeyRow struct {
	frame.Problems // with its removal
	ID, Name, Note string
}

func (d pages) passkeyRows(r *http.Request, scope *frame.Scope) ([]passkeyRow, error) {
	keys, err := d.Passkeys.List(r.Context(), scope.Member.ID)
	now, zone := d.DB.Clock().Wall(), scope.Business.Location()
	var rows []passkeyRow
	for _, k := range keys {
		row := passkeyRow{ID: string(k.ID), Name: k.Name, Note: scope.T("Added {{.CreatedAt}}, never used", "CreatedAt", scope.Date(k.CreatedAt, zone))}
		if !k.UsedAt.IsZero() {
			row.Note = scope.T("Added {{.CreatedAt}}, used {{.UsedAt}}", "CreatedAt", scope.Date(k.CreatedAt, zone), "UsedAt", scope.Distance(k.UsedAt, now))
		}
		rows = append(rows, row)
	}
	return rows, err
}

// newPasskeyView is the page that talks to the device.
type newPasskeyView struct{ Base, Name, Options string }

// beginPasskey asks the browser for a passkey, on a page whose script does it.
func (d pages) beginPasskey(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	name := strings.TrimSpace(r.PostForm.Get("name"))
	c, err := d.Passkeys.BeginAdding(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"), name)
	if err != nil {
		return d.accountSaved(w, r, scope, err, "", func(v *accountView, p frame.Problems) { v.Passkey = passkeyForm{p, name} })
	}
	d.Sessions.Put(r.Context(), frame.CeremonyKey, c.State)
	v := newPasskeyView{Base: scope.Base + "/account", Name: name, Options: string(c.Options)}
	return frame.Render(w, r, http.StatusOK, newPasskeyPage(d.Frame(r, scope, frame.Titled(scope.T("Add a passkey"))), v))
}

func (d pages) addPasskey(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	state := d.Sessions.PopString(r.Context(), frame.CeremonyKey) // an answer counts once
	err := d.Passkeys.FinishAdding(r.Context(), scope.Member.ID, state, []byte(r.PostForm.Get("credential")))
	return d.accountSaved(w, r, scope, err, scope.T("Passkey added. You can now sign in with it."), func(v *accountView, p frame.Problems) { v.Passkey = passkeyForm{Problems: p} })
}

// removePasskey takes the password: an open session alone must not change by what its
// user signs in.
func (d pages) removePasskey(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	id := r.PathValue("id")
	err := d.Passkeys.Remove(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"), account.PasskeyID(id))
	return d.accountSaved(w, r, scope, err, scope.T("Passkey removed. Delete it on your device as well."), func(v *accountView, p frame.Problems) {
		for i := range v.Passkeys {
			if v.Passkeys[i].ID == id {
				v.Passkeys[i].Problems = p
			}
		}
	})
}

// askPasskey tells the script of the sign-in page what to ask the browser.
func (d pages) askPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Passkeys.BeginSignIn(r.Context(), d.ClientIP(r))
	if err != nil {
		return err
	}
	d.Sessions.Put(r.Context(), frame.CeremonyKey, c.State)
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(c.Options)
	return err
}

// signInByPasskey signs in without a password, and without a second step: the
// device has asked for one.
func (d pages) signInByPasskey(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
		return err
	}
	v := d.signInView(r, r.PostForm.Get("next"))
	state := d.Sessions.PopString(r.Context(), frame.CeremonyKey) // an answer counts once
	user, err := d.Passkeys.FinishSignIn(r.Context(), d.ClientIP(r), state, []byte(r.PostForm.Get("credential")))
	if err == nil {
		err = d.StartSession(w, r, user, account.ByPasskey)
	}
	if err != nil {
		if fault.Is(err, fault.Unauthenticated) {
			d.Log.InfoContext(r.Context(), "a passkey was refused", "error", err)
		}
		return showSignInProblem(w, r, v, err)
	}
	return frame.Redirect(w, r, cmp.Or(v.Next, "/dashboard"))
}
