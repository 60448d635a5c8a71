package account

import (
	"cmp"
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// signInView is the sign-in form, with what was typed.
type signInView struct {
	Next, Email string
	Problem     string
	Errors      map[string]string
	Said        []ui.ToastProps // by the page before
	Passkeys    bool            // browsers have them here
}

// signInView is the empty form, which leads to next.
func (d pages) signInView(r *http.Request, next string) signInView {
	return signInView{Next: frame.LocalPath(next), Said: d.TakeToasts(r), Passkeys: d.Passkeys.Possible()}
}

func (d pages) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := frame.LocalPath(r.URL.Query().Get("next"))
	founded, err := d.isFounded(r.Context())
	if err != nil {
		return err
	}
	if !founded {
		return frame.Redirect(w, r, "/setup")
	}
	if _, err := d.User(r); err == nil {
		return frame.Redirect(w, r, cmp.Or(next, "/dashboard"))
	}
	return frame.Render(w, r, http.StatusOK, signInPage(d.signInView(r, next)))
}

func (d pages) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
		return err
	}
	v := d.signInView(r, r.PostForm.Get("next"))
	v.Email = strings.TrimSpace(r.PostForm.Get("email"))
	user, err := d.Accounts.SignIn(r.Context(), d.Visitor(r), v.Email, r.PostForm.Get("password"))
	if err != nil {
		return showSignInProblem(w, r, v, err)
	}
	if user.TwoStep {
		return d.askCode(w, r, user, v.Next)
	}
	if err := d.StartSession(w, r, user, account.ByPassword); err != nil {
		return showSignInProblem(w, r, v, err)
	}
	return frame.Redirect(w, r, cmp.Or(v.Next, "/dashboard"))
}

func showSignInProblem(w http.ResponseWriter, r *http.Request, v signInView, err error) error {
	f := fault.Of(err)
	if f.Code == fault.Internal || f.Code == fault.Unavailable {
		return err
	}
	status := http.StatusUnprocessableEntity
	if f.Code == fault.TooMany {
		status = http.StatusTooManyRequests
	}
	v.Errors = map[string]string{}
	for _, field := range f.Fields {
		v.Errors[field.Name] = field.Message
	}
	if len(f.Fields) == 0 {
		v.Problem = f.Message
	}
	return frame.Render(w, r, status, signInPage(v))
}

func (d pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := d.EndSession(r); err != nil {
		return err
	}
	if err := d.Sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return frame.Redirect(w, r, "/sign-in")
}

// chooseBusiness leads to the only business of a member, or lets them choose.
func (d pages) chooseBusiness(w http.ResponseWriter, r *http.Request) error {
	user, err := d.User(r)
	if err != nil {
		return err
	}
	memberships, err := d.Accounts.Memberships(r.Context(), user)
	if err != nil {
		return err
	}
	if len(memberships) == 1 {
		return frame.Redirect(w, r, address.Dashboard(memberships[0].Handle).String())
	}
	var businesses []ui.Business
	for _, m := range memberships {
		businesses = append(businesses, ui.Business{Name: m.Name, Handle: m.Handle, Href: address.Dashboard(m.Handle).String()})
	}
	return frame.Render(w, r, http.StatusOK, chooserPage(businesses))
}
