package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/web/ui"
)

// setupView is the form that makes a business: the first, with its owner, or
// another one of somebody who is signed in.
type setupView struct {
	problems
	Action string
	Code   string // goes along with the form of the first
	First  bool
	Values setupValues
}

// setupValues are the fields as they were typed; the password never is among
// them.
type setupValues struct {
	Business, Handle, Currency, TimeZone, Locale string
	OwnerName, Email                             string
}

func setupValuesFrom(form url.Values) setupValues {
	return setupValues{
		Business: form.Get("business"), Handle: strings.TrimSpace(form.Get("handle")), Currency: form.Get("currency"),
		TimeZone: form.Get("time_zone"), Locale: form.Get("locale"), OwnerName: form.Get("owner_name"), Email: form.Get("email"),
	}
}

// draft is the business that was typed. A handle that was left out is made from
// the name.
func (v setupValues) draft() business.Draft {
	if v.Handle == "" && strings.TrimSpace(v.Business) != "" {
		v.Handle = business.SuggestHandle(v.Business)
	}
	return business.Draft{
		Name: v.Business, Handle: v.Handle, Currency: money.Currency(v.Currency), TimeZone: v.TimeZone, Locale: v.Locale,
	}
}

// isFounded tells whether there is a business; once there is one, there always
// will be.
func (d *Dashboard) isFounded(ctx context.Context) (bool, error) {
	if d.founded.Load() {
		return true, nil
	}
	founded, err := account.Founded(ctx, d.DB)
	if founded {
		d.founded.Store(true)
	}
	return founded, err
}

// showStart is the top of the site: it leads to where one begins.
func (d *Dashboard) showStart(w http.ResponseWriter, r *http.Request) error {
	founded, err := d.isFounded(r.Context())
	if err != nil {
		return err
	}
	if !founded {
		return redirect(w, r, "/setup")
	}
	return redirect(w, r, "/dashboard")
}

// showSetup is the first page of a new installation. It asks for the code that
// the server's log tells, so that no stranger can take the installation.
func (d *Dashboard) showSetup(w http.ResponseWriter, r *http.Request) error {
	founded, err := d.isFounded(r.Context())
	if err != nil {
		return err
	}
	if founded {
		return redirect(w, r, "/sign-in")
	}
	code := r.URL.Query().Get("code")
	if err := d.checkSetupCode(r, code); err != nil {
		if code == "" {
			return render(w, r, http.StatusOK, setupCodePage(""))
		}
		return showSetupCodeProblem(w, r, err)
	}
	return render(w, r, http.StatusOK, setupPage(setupView{Action: "/setup", First: true, Code: code, Values: setupValues{
		Currency: "EUR", TimeZone: "UTC", Locale: "en",
	}}))
}

func (d *Dashboard) setUp(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := setupView{Action: "/setup", First: true, Code: r.PostForm.Get("code"), Values: setupValuesFrom(r.PostForm)}
	if err := d.checkSetupCode(r, v.Code); err != nil {
		return showSetupCodeProblem(w, r, err)
	}
	founder := account.Founder{Accounts: d.Accounts, Businesses: d.Businesses}
	b, owner, err := founder.FoundFirst(r.Context(), v.Values.draft(), account.OwnerDraft{
		Name: strings.TrimSpace(v.Values.OwnerName), Email: v.Values.Email, Password: r.PostForm.Get("password"),
	})
	if err != nil {
		p, ok := problemsOf(err, setupInputs())
		if !ok {
			return err
		}
		v.problems = p
		return render(w, r, http.StatusUnprocessableEntity, setupPage(v))
	}
	d.founded.Store(true)
	if err := d.enter(w, r, owner, account.ByJoining); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: b.Name + " is set up"})
	return redirect(w, r, "/dashboard/"+b.Handle)
}

// checkSetupCode refuses whoever does not know the code, once one is set.
func (d *Dashboard) checkSetupCode(r *http.Request, code string) error {
	switch {
	case d.SetupCode == "":
		return nil
	case code == "": // nobody guesses yet
		return fault.New(fault.Forbidden, "Enter the setup code. It stands in the server's log, where the server was started last.")
	}
	return d.Accounts.CheckSetupCode(r.Context(), d.ClientIP(r), code, d.SetupCode)
}

func showSetupCodeProblem(w http.ResponseWriter, r *http.Request, err error) error {
	if !fault.Is(err, fault.Forbidden) {
		return err
	}
	return render(w, r, http.StatusForbidden, setupCodePage(fault.Of(err).Message))
}

func (d *Dashboard) newBusiness(w http.ResponseWriter, r *http.Request, at *room) error {
	v := setupView{Action: at.Base + "/account/businesses", Values: setupValues{
		Currency: string(at.Business.Currency), TimeZone: at.Business.TimeZone, Locale: at.Business.Locale,
	}}
	return render(w, r, http.StatusOK, newBusinessPage(d.frame(r, at, frameTitle("Add a business")), at.Base, v))
}

func (d *Dashboard) createBusiness(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := setupView{Action: at.Base + "/account/businesses", Values: setupValuesFrom(r.PostForm)}
	draft := v.Values.draft()
	founder := account.Founder{Accounts: d.Accounts, Businesses: d.Businesses}
	b, err := founder.FoundAnother(r.Context(), draft, at.Member.ID)
	if err != nil {
		p, ok := problemsOf(err, setupInputs())
		if !ok {
			return err
		}
		v.problems = p
		return render(w, r, http.StatusUnprocessableEntity, newBusinessPage(d.frame(r, at, frameTitle("Add a business")), at.Base, v))
	}
	d.say(r, ui.ToastProps{Text: b.Name + " is added"})
	return redirect(w, r, "/dashboard/"+b.Handle)
}

// setupInputs maps fields to inputs.
func setupInputs() map[string]string {
	return map[string]string{"name": "business", "contact_email": "email"}
}
