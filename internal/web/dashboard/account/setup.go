package account

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// setupView is the form that makes a business: the first, with its owner, or
// another one of somebody who is signed in.
type setupView struct {
	frame.Problems
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
		v.Handle = business.SuggestHandle(v.Business, v.Locale)
	}
	return business.Draft{
		Name: v.Business, Handle: v.Handle, Currency: money.Currency(v.Currency), TimeZone: v.TimeZone, Locale: v.Locale,
	}
}

// isFounded tells whether there is a business; once there is one, there always
// will be.
func (d pages) isFounded(ctx context.Context) (bool, error) {
	if d.Founded.Load() {
		return true, nil
	}
	founded, err := account.Founded(ctx, d.DB)
	if founded {
		d.Founded.Store(true)
	}
	return founded, err
}

// showStart is the top of the site: it leads to where one begins.
func (d pages) showStart(w http.ResponseWriter, r *http.Request) error {
	founded, err := d.isFounded(r.Context())
	if err != nil {
		return err
	}
	if !founded {
		return frame.Redirect(w, r, "/setup")
	}
	return frame.Redirect(w, r, "/dashboard")
}

// showSetup is the first page of a new installation. It asks for the code that
// the server's log tells, so that no stranger can take the installation.
func (d pages) showSetup(w http.ResponseWriter, r *http.Request) error {
	founded, err := d.isFounded(r.Context())
	if err != nil {
		return err
	}
	if founded {
		return frame.Redirect(w, r, "/sign-in")
	}
	code := r.URL.Query().Get("code")
	if err := d.checkSetupCode(r, code); err != nil {
		if code == "" {
			return frame.Render(w, r, http.StatusOK, setupCodePage(""))
		}
		return showSetupCodeProblem(w, r, err)
	}
	return frame.Render(w, r, http.StatusOK, setupPage(setupView{Action: "/setup", First: true, Code: code, Values: fromBrowser(r)}))
}

func (d pages) setUp(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
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
		p, ok := frame.ProblemsOf(frame.ReaderOf(r.Context()), err, setupInputs())
		if !ok {
			return err
		}
		v.Problems = p
		return frame.Render(w, r, http.StatusUnprocessableEntity, setupPage(v))
	}
	d.Founded.Store(true)
	if err := d.StartSession(w, r, owner, account.ByJoining); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: i18n.T(r.Context(), "You have set up {{.Name}}", "Name", b.Name)})
	return frame.Redirect(w, r, address.Dashboard(b.Handle).String())
}

// checkSetupCode refuses whoever does not know the code, once one is set.
func (d pages) checkSetupCode(r *http.Request, code string) error {
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
	return frame.Render(w, r, http.StatusForbidden, setupCodePage(frame.ReaderOf(r.Context()).Sentence(fault.Of(err).Message)))
}

func (d pages) newBusiness(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := setupView{Action: scope.Base + "/account/businesses", Values: setupValues{
		Currency: string(scope.Business.Currency), TimeZone: scope.Business.TimeZone, Locale: scope.Business.Locale,
	}}
	return frame.Render(w, r, http.StatusOK, newBusinessPage(d.Frame(r, scope, frame.Titled(scope.T("Add a business"))), scope.Base, v))
}

func (d pages) createBusiness(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := setupView{Action: scope.Base + "/account/businesses", Values: setupValuesFrom(r.PostForm)}
	draft := v.Values.draft()
	founder := account.Founder{Accounts: d.Accounts, Businesses: d.Businesses}
	b, err := founder.FoundAnother(r.Context(), draft, scope.Member.ID)
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, setupInputs())
		if !ok {
			return err
		}
		v.Problems = p
		return frame.Render(w, r, http.StatusUnprocessableEntity, newBusinessPage(d.Frame(r, scope, frame.Titled(scope.T("Add a business"))), scope.Base, v))
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is added", "Name", b.Name)})
	return frame.Redirect(w, r, address.Dashboard(b.Handle).String())
}

// guessed are the fields that are rarely changed, in a line: "EUR · English · UTC".
func (v setupView) guessed() (currency, language, zone string) {
	language = v.Values.Locale
	for _, l := range i18n.Languages() {
		if l.Code == v.Values.Locale {
			language = l.Name
		}
	}
	return v.Values.Currency, language, strings.ReplaceAll(v.Values.TimeZone, "_", " ")
}

// guessedWrong reports whether one of them must be changed.
func (v setupView) guessedWrong() bool {
	return v.Errors["currency"] != "" || v.Errors["locale"] != "" || v.Errors["time_zone"] != ""
}

// setupInputs maps fields to inputs.
func setupInputs() map[string]string {
	return map[string]string{"name": "business", "contact_email": "email"}
}
