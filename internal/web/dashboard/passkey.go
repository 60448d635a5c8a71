package dashboard

import (
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
)

// passkeyForm adds a passkey on the page of the account.
type passkeyForm struct {
	problems
	Name string
}

// passkeyRow is a passkey as the list shows it.
type passkeyRow struct {
	problems       // with its removal
	ID, Name, Note string
}

func (d *Dashboard) passkeyRows(r *http.Request, at *room) ([]passkeyRow, error) {
	keys, err := d.Passkeys.List(r.Context(), at.Member.ID)
	now, zone := d.DB.Clock().Wall(), at.Business.Location()
	var rows []passkeyRow
	for _, k := range keys {
		row := passkeyRow{ID: string(k.ID), Name: k.Name, Note: "Added " + ui.Date(k.CreatedAt, zone) + ", never used"}
		if !k.UsedAt.IsZero() {
			row.Note = "Added " + ui.Date(k.CreatedAt, zone) + ", used " + ui.Ago(k.UsedAt, now)
		}
		rows = append(rows, row)
	}
	return rows, err
}

// newPasskeyView is the page that talks to the device.
type newPasskeyView struct{ Base, Name, Options string }

// beginPasskey asks the browser for a passkey, on a page whose script does it.
func (d *Dashboard) beginPasskey(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	name := strings.TrimSpace(r.PostForm.Get("name"))
	c, err := d.Passkeys.BeginAdding(r.Context(), at.Member.ID, r.PostForm.Get("current_password"), name)
	if err != nil {
		return d.accountSaved(w, r, at, err, "", func(v *accountView, p problems) { v.Passkey = passkeyForm{p, name} })
	}
	d.sessions.Put(r.Context(), ceremonyKey, c.State)
	v := newPasskeyView{Base: at.Base + "/account", Name: name, Options: string(c.Options)}
	return render(w, r, http.StatusOK, newPasskeyPage(d.frame(r, at, frameTitle("Add a passkey")), v))
}

func (d *Dashboard) addPasskey(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	state := d.sessions.PopString(r.Context(), ceremonyKey) // an answer counts once
	err := d.Passkeys.FinishAdding(r.Context(), at.Member.ID, state, []byte(r.PostForm.Get("credential")))
	return d.accountSaved(w, r, at, err, "The passkey is added. You may sign in with it from now on.", func(v *accountView, p problems) { v.Passkey = passkeyForm{problems: p} })
}

// removePasskey takes the password: an open session alone must not change by what its
// user signs in.
func (d *Dashboard) removePasskey(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	id := r.PathValue("id")
	err := d.Passkeys.Remove(r.Context(), at.Member.ID, r.PostForm.Get("current_password"), account.PasskeyID(id))
	return d.accountSaved(w, r, at, err, "The passkey is removed. Delete it on your device as well.", func(v *accountView, p problems) {
		for i := range v.Passkeys {
			if v.Passkeys[i].ID == id {
				v.Passkeys[i].problems = p
			}
		}
	})
}

// askPasskey tells the script of the sign-in page what to ask the browser.
func (d *Dashboard) askPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Passkeys.BeginSignIn(r.Context(), d.ClientIP(r))
	if err != nil {
		return err
	}
	d.sessions.Put(r.Context(), ceremonyKey, c.State)
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(c.Options)
	return err
}

// signInByPasskey signs in without a password, and without a second step: the
// device has asked for one.
func (d *Dashboard) signInByPasskey(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := d.signInView(r, r.PostForm.Get("next"))
	state := d.sessions.PopString(r.Context(), ceremonyKey) // an answer counts once
	user, err := d.Passkeys.FinishSignIn(r.Context(), d.ClientIP(r), state, []byte(r.PostForm.Get("credential")))
	if err == nil {
		err = d.enter(w, r, user, account.ByPasskey)
	}
	if err != nil {
		if fault.Is(err, fault.Unauthenticated) {
			d.Log.InfoContext(r.Context(), "a passkey was refused", "error", err)
		}
		return showSignInProblem(w, r, v, err)
	}
	return redirect(w, r, firstOf(v.Next, "/dashboard"))
}
