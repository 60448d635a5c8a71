package account

import (
	"context"
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// accountView is the page "My account": several forms, of which one may have
// been sent with mistakes.
type accountView struct {
	Base      string
	User      account.User
	Business  string
	Role      string
	Leave     string // where the way out of the team begins
	Sessions  []sessionView
	CodesLeft int64 // recovery codes
	Passkeys  []passkeyRow
	Name      nameForm
	Language  frame.Problems
	Address   addressForm
	Waiting   string // the new address that waits for its confirmation; "" for none
	Until     string // the end of its link
	Password  frame.Problems
	TwoStep   frame.Problems
	Passkey   passkeyForm
	Removal   frame.Problems
	MayRemove bool // they belong to no business
	// MayAddPasskeys tells that browsers have them here.
	MayAddPasskeys bool
}

type nameForm struct {
	frame.Problems
	Name string
}

type addressForm struct {
	frame.Problems
	Email string
}

// sessionView is a sign-in as the list shows it.
type sessionView struct {
	ID, Agent, Address, Since, Seen string
	Current                         bool
}

func (d pages) showAccount(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.accountView(r, scope)
	if err != nil {
		return err
	}
	return d.accountPage(w, r, scope, http.StatusOK, v)
}

func (d pages) accountPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v accountView) error {
	return frame.Render(w, r, status, accountPage(d.Frame(r, scope, frame.Titled(scope.T("My account"))), v))
}

func (d pages) accountView(r *http.Request, scope *frame.Scope) (accountView, error) {
	v := accountView{Base: scope.Base + "/account", User: scope.Member.User, Name: nameForm{Name: scope.Member.Name}, MayAddPasskeys: d.Passkeys.Possible(), MayRemove: !scope.InBusiness(),
		Business: scope.Business.Name, Role: frame.RoleName(scope.Reader, string(scope.Member.Role)), Leave: scope.Base + "/settings/team/" + string(scope.Member.ID) + "/remove"}
	sessions, err := d.Accounts.Sessions(r.Context(), scope.Member.ID)
	if err != nil {
		return v, err
	}
	if v.CodesLeft, err = d.TwoStep.CodesLeft(r.Context(), scope.Member.ID); err != nil {
		return v, err
	}
	if v.Passkeys, err = d.passkeyRows(r, scope); err != nil {
		return v, err
	}
	now, zone := d.DB.Clock().Wall(), scope.Business.Location()
	waiting, waits, err := d.Accounts.WaitingAddress(r.Context(), scope.Member.User)
	if err != nil {
		return v, err
	}
	if waits {
		v.Waiting, v.Until = waiting.Email, scope.ShortDateTime(waiting.Until, now, zone)
	}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, sessionView{
			ID: string(s.ID), Agent: frame.BrowserName(scope.Reader, s.Agent), Address: s.Address, Current: s.ID == d.Session(r),
			Since: scope.ShortDateTime(s.CreatedAt, now, zone), Seen: scope.Distance(s.SeenAt, now),
		})
	}
	return v, nil
}

// accountSaved answers a form of the page: back to it with a word, or the page
// again with what is wrong put into its view by show.
func (d pages) accountSaved(w http.ResponseWriter, r *http.Request, scope *frame.Scope, err error, done string, show func(v *accountView, p frame.Problems)) error {
	if err == nil {
		d.Toast(r, ui.ToastProps{Text: done})
		return frame.Redirect(w, r, scope.Base+"/account")
	}
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	status := http.StatusUnprocessableEntity
	if fault.Is(err, fault.TooMany) {
		p, ok, status = frame.Problems{Problem: scope.Sentence(fault.Of(err).Message)}, true, http.StatusTooManyRequests
	}
	if !ok {
		return err
	}
	v, err := d.accountView(r, scope)
	if err != nil {
		return err
	}
	show(&v, p)
	return d.accountPage(w, r, scope, status, v)
}

func (d pages) saveName(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	name := r.PostForm.Get("name")
	err := d.Accounts.Rename(r.Context(), scope.Member.ID, name)
	return d.accountSaved(w, r, scope, err, scope.T("Name saved"), func(v *accountView, p frame.Problems) { v.Name = nameForm{p, name} })
}

func (d pages) saveLanguage(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	code := r.PostForm.Get("language")
	err := d.Accounts.ChooseLanguage(r.Context(), scope.Member.ID, code)
	if code == "" {
		code = i18n.Match(r.Header.Get("Accept-Language"))
	}
	done := i18n.TranslatorFor(code).T("Language saved")
	return d.accountSaved(w, r, scope, err, done, func(v *accountView, p frame.Problems) { v.Language = p })
}

// languageOptions are the languages in their own words, after the one that follows the browser.
func languageOptions(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: i18n.T(ctx, "The language of this browser")}}, frame.LanguageOptions()...)
}

func (d pages) askNewAddress(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	email := r.PostForm.Get("email")
	err := d.Accounts.AskNewAddress(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"), email, d.mailNewAddress)
	return d.accountSaved(w, r, scope, err, scope.T("We have sent an email to {{.Address}}. Open the link in it to confirm.", "Address", email), func(v *accountView, p frame.Problems) { v.Address = addressForm{p, email} })
}

func (d pages) sendNewAddressAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	err := d.Accounts.SendNewAddressAgain(r.Context(), scope.Member.User, d.mailNewAddress)
	return d.accountSaved(w, r, scope, err, scope.T("We have sent the email again. The link in the one before it no longer works."), func(v *accountView, p frame.Problems) { v.Address.Problems = p })
}

func (d pages) cancelNewAddress(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	err := d.Accounts.CancelNewAddress(r.Context(), scope.Member.ID)
	return d.accountSaved(w, r, scope, err, scope.T("Your address stays as it is."), nil)
}

func (d pages) mailNewAddress(ctx context.Context, tx *db.Tx, n account.NewAddress) error {
	language, err := account.MailLanguage(ctx, tx, n.User.ID)
	if err != nil {
		return err
	}
	return d.Messages.Queue(ctx, tx, message.Mail{
		To: n.Email, ToName: n.User.Name, Language: language, Key: "address/" + secret.Hash(n.Token),
		Data: message.NewAddress{Name: n.User.Name, URL: d.Addresses.Own(address.ConfirmAddress(n.Token)), ExpiresAt: n.Until},
	})
}

func (d pages) savePassword(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	err := d.Accounts.ChangePassword(r.Context(), scope.Member.ID, d.Session(r), r.PostForm.Get("current_password"), r.PostForm.Get("password"))
	return d.accountSaved(w, r, scope, err, scope.T("Password changed. You are signed out everywhere else."), func(v *accountView, p frame.Problems) { v.Password = p })
}

// endSessions signs out of one session, or of all but this one.
func (d pages) endSessions(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	if id := r.PostForm.Get("session"); id != "" {
		if err := d.Accounts.EndSession(r.Context(), scope.Member.ID, account.SessionID(id)); err != nil {
			return err
		}
		d.Toast(r, ui.ToastProps{Text: scope.T("Signed out there")})
		return frame.Redirect(w, r, scope.Base+"/account")
	}
	ended, err := d.Accounts.EndOtherSessions(r.Context(), scope.Member.ID, d.Session(r))
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.N(ended, "Signed out of {{.Count}} other session", "Signed out of {{.Count}} other sessions")})
	return frame.Redirect(w, r, scope.Base+"/account")
}
