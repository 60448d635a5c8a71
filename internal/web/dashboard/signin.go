package dashboard

import (
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
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
func (d *Dashboard) signInView(r *http.Request, next string) signInView {
	return signInView{Next: localPath(next), Said: d.said(r), Passkeys: d.Passkeys.Possible()}
}

func (d *Dashboard) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"))
	founded, err := d.isFounded(r.Context())
	if err != nil {
		return err
	}
	if !founded {
		return redirect(w, r, "/setup")
	}
	if _, err := d.user(r); err == nil {
		return redirect(w, r, firstOf(next, "/dashboard"))
	}
	return render(w, r, http.StatusOK, signInPage(d.signInView(r, next)))
}

func (d *Dashboard) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := d.signInView(r, r.PostForm.Get("next"))
	v.Email = strings.TrimSpace(r.PostForm.Get("email"))
	user, err := d.Accounts.SignIn(r.Context(), d.visitor(r), v.Email, r.PostForm.Get("password"))
	if err != nil {
		return showSignInProblem(w, r, v, err)
	}
	if user.TwoStep {
		return d.askCode(w, r, user, v.Next)
	}
	if err := d.enter(w, r, user, account.ByPassword); err != nil {
		return showSignInProblem(w, r, v, err)
	}
	return redirect(w, r, firstOf(v.Next, "/dashboard"))
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
	return render(w, r, status, signInPage(v))
}

func (d *Dashboard) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := d.leave(r); err != nil {
		return err
	}
	if err := d.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return redirect(w, r, "/sign-in")
}

// chooseBusiness leads to the only business of a member, or lets them choose.
func (d *Dashboard) chooseBusiness(w http.ResponseWriter, r *http.Request) error {
	user, err := d.user(r)
	if err != nil {
		return err
	}
	memberships, err := d.Accounts.Memberships(r.Context(), user)
	if err != nil {
		return err
	}
	if len(memberships) == 1 {
		return redirect(w, r, "/dashboard/"+memberships[0].Handle)
	}
	var businesses []ui.Business
	for _, m := range memberships {
		businesses = append(businesses, ui.Business{Name: m.Name, Handle: m.Handle, Href: "/dashboard/" + m.Handle})
	}
	return render(w, r, http.StatusOK, chooserPage(businesses))
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
