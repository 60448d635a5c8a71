package dashboard

import (
	"context"
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/ui"
)

// accountView is the page "My account": several forms, of which one may have
// been sent with mistakes.
type accountView struct {
	Base      string
	User      account.User
	Sessions  []sessionView
	CodesLeft int64 // recovery codes
	Passkeys  []passkeyRow
	Name      nameForm
	Address   addressForm
	Password  problems
	TwoStep   problems
	Passkey   passkeyForm
	// MayAddPasskeys tells that browsers have them here.
	MayAddPasskeys bool
}

type nameForm struct {
	problems
	Name string
}

type addressForm struct {
	problems
	Email string
}

// sessionView is a sign-in as the list shows it.
type sessionView struct {
	ID, Agent, Address, Since, Seen string
	Current                         bool
}

func (d *Dashboard) showAccount(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.accountView(r, at)
	if err != nil {
		return err
	}
	return d.accountPage(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) accountPage(w http.ResponseWriter, r *http.Request, at *room, status int, v accountView) error {
	return render(w, r, status, accountPage(d.frame(r, at, frameTitle("My account")), v))
}

func (d *Dashboard) accountView(r *http.Request, at *room) (accountView, error) {
	v := accountView{Base: at.Base + "/account", User: at.Member.User, Name: nameForm{Name: at.Member.Name}, MayAddPasskeys: d.Passkeys.Possible()}
	sessions, err := d.Accounts.Sessions(r.Context(), at.Member.ID)
	if err != nil {
		return v, err
	}
	if v.CodesLeft, err = d.TwoStep.CodesLeft(r.Context(), at.Member.ID); err != nil {
		return v, err
	}
	if v.Passkeys, err = d.passkeyRows(r, at); err != nil {
		return v, err
	}
	now, zone := d.DB.Clock().Wall(), at.Business.Location()
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, sessionView{
			ID: string(s.ID), Agent: s.Agent, Address: s.Address, Current: s.ID == d.session(r),
			Since: ui.ShortDateTime(s.CreatedAt, now, zone), Seen: ui.Ago(s.SeenAt, now),
		})
	}
	return v, nil
}

// accountSaved answers a form of the page: back to it with a word, or the page
// again with what is wrong put into its view by show.
func (d *Dashboard) accountSaved(w http.ResponseWriter, r *http.Request, at *room, err error, done string, show func(v *accountView, p problems)) error {
	if err == nil {
		d.say(r, ui.ToastProps{Text: done})
		return redirect(w, r, at.Base+"/account")
	}
	p, ok := problemsOf(err, nil)
	status := http.StatusUnprocessableEntity
	if fault.Is(err, fault.TooMany) {
		p, ok, status = problems{Problem: fault.Of(err).Message}, true, http.StatusTooManyRequests
	}
	if !ok {
		return err
	}
	v, err := d.accountView(r, at)
	if err != nil {
		return err
	}
	show(&v, p)
	return d.accountPage(w, r, at, status, v)
}

func (d *Dashboard) saveName(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	name := r.PostForm.Get("name")
	err := d.Accounts.Rename(r.Context(), at.Member.ID, name)
	return d.accountSaved(w, r, at, err, "Your name is saved", func(v *accountView, p problems) { v.Name = nameForm{p, name} })
}

func (d *Dashboard) askNewAddress(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	email := r.PostForm.Get("email")
	err := d.Accounts.AskNewAddress(r.Context(), at.Member.ID, r.PostForm.Get("current_password"), email, d.mailNewAddress)
	return d.accountSaved(w, r, at, err, "A mail to "+email+" is on its way. Open its link to finish.", func(v *accountView, p problems) { v.Address = addressForm{p, email} })
}

func (d *Dashboard) mailNewAddress(ctx context.Context, tx *db.Tx, n account.NewAddress) error {
	return d.Messages.Queue(ctx, tx, message.Mail{
		To: n.Email, ToName: n.User.Name, Key: "address/" + secret.Hash(n.Token),
		Facts: message.NewAddress{Name: n.User.Name, URL: d.tokenURL("/sign-in/address", n.Token), ExpiresAt: n.Until},
	})
}

func (d *Dashboard) savePassword(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	err := d.Accounts.ChangePassword(r.Context(), at.Member.ID, d.session(r), r.PostForm.Get("current_password"), r.PostForm.Get("password"))
	return d.accountSaved(w, r, at, err, "Your new password is saved. You are signed out everywhere else.", func(v *accountView, p problems) { v.Password = p })
}

// endSessions signs out of one session, or of all but this one.
func (d *Dashboard) endSessions(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	if id := r.PostForm.Get("session"); id != "" {
		if err := d.Accounts.EndSession(r.Context(), at.Member.ID, account.SessionID(id)); err != nil {
			return err
		}
		d.say(r, ui.ToastProps{Text: "Signed out there"})
		return redirect(w, r, at.Base+"/account")
	}
	ended, err := d.Accounts.EndOtherSessions(r.Context(), at.Member.ID, d.session(r))
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "Signed out of " + counted(ended, "other session", "other sessions")})
	return redirect(w, r, at.Base+"/account")
}
