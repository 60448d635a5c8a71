package account

import (
	"net/http"
	"net/url"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// invitedView is an invitation as who got it sees it.
type invitedView struct {
	frame.Problems
	account.Invited
	Token  string
	User   account.User // who is signed in; zero for nobody
	Name   string       // as typed
	SignIn string       // where to sign in and come back
}

func (d pages) showInvitation(w http.ResponseWriter, r *http.Request) error {
	return d.invitation(w, r, r.URL.Query().Get("token"), http.StatusOK, invitedView{})
}

func (d pages) invitation(w http.ResponseWriter, r *http.Request, token string, status int, v invitedView) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	var err error
	if v.Invited, err = d.Accounts.InvitedBy(r.Context(), token); err != nil {
		return endedInvitation(w, r, err)
	}
	v.Token = token
	v.SignIn = "/sign-in?" + url.Values{"next": {"/sign-in/invitation?" + url.Values{"token": {token}}.Encode()}}.Encode()
	if user, err := d.User(r); err == nil {
		if v.User, err = d.Accounts.UserByID(r.Context(), user); err != nil {
			return err
		}
	}
	return frame.Render(w, r, status, invitationPage(v))
}

// endedInvitation tells that nobody is invited by this link any more.
func endedInvitation(w http.ResponseWriter, r *http.Request, err error) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return frame.ShowEnded(w, r, err, "/dashboard", i18n.T(r.Context(), "Go to your dashboard"))
}

// accept makes who is signed in, or somebody new, a member.
func (d pages) accept(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
		return err
	}
	token := r.PostForm.Get("token")
	if r.PostForm.Get("as") == "new" {
		return d.acceptNew(w, r, token)
	}
	user, err := d.User(r)
	if err != nil {
		return err
	}
	businessID, err := d.Accounts.Join(r.Context(), token, user, d.MaskedIP(r))
	if err != nil {
		return endedInvitation(w, r, err)
	}
	b, err := d.Businesses.ByID(r.Context(), businessID)
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: i18n.T(r.Context(), "Welcome to {{.Name}}", "Name", b.Name)})
	return frame.Redirect(w, r, address.Dashboard(b.Handle).String())
}

func (d pages) acceptNew(w http.ResponseWriter, r *http.Request, token string) error {
	name := r.PostForm.Get("name")
	user, businessID, err := d.Accounts.JoinNew(r.Context(), token, name, r.PostForm.Get("password"), d.MaskedIP(r))
	if fault.Is(err, fault.NotFound) {
		return endedInvitation(w, r, err)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(frame.ReaderOf(r.Context()), err, nil)
		if !ok {
			return err
		}
		return d.invitation(w, r, token, http.StatusUnprocessableEntity, invitedView{Problems: p, Name: name})
	}
	if err := d.StartSession(w, r, user, account.ByJoining); err != nil {
		return err
	}
	b, err := d.Businesses.ByID(r.Context(), businessID)
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: i18n.T(r.Context(), "Welcome to {{.Name}}", "Name", b.Name)})
	return frame.Redirect(w, r, address.Dashboard(b.Handle).String())
}
