package settings

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/stripe"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// providerSettingsView is the page Settings → Providers. A key never comes back
// to it: only its last characters are known here.
type providerSettingsView struct {
	frame.Problems
	Settings frame.SettingsView
	Base     string
	Accounts []providerAccount
	Sandbox  bool // play money is there to fall back on
	Instant  bool // limited links offer only what confirms at once
	InUse    bool // one of the accounts is
	// Uncharged says which links and products ask what the provider doesn't charge, ""
	// for none.
	Uncharged string
	Provider  string
	HookURL   string // where the chosen provider reports, for those who enter a secret
	Now       time.Time
	Zone      *time.Location
}

// providerAccount is an account of the list.
type providerAccount struct {
	keyring.Account
	Name  string // of the provider
	InUse bool
}

func (d pages) showProviders(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.providerSettings(r, scope)
	if err != nil {
		return err
	}
	return d.showProviderForm(w, r, scope, http.StatusOK, v)
}

func (d pages) showProviderForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v providerSettingsView) error {
	return frame.Render(w, r, status, providerSettingsPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) providerSettings(r *http.Request, scope *frame.Scope) (providerSettingsView, error) {
	b := scope.Business
	v := providerSettingsView{
		Settings: frame.SettingsAt(scope, "providers"), Base: scope.Base, Provider: stripe.Name, Sandbox: d.Sandbox, Instant: b.InstantOnly, Now: scope.Now, Zone: b.Location(),
		HookURL: d.Keys.HookURL(b.ID, stripe.Name),
	}
	accounts, err := d.Keys.List(r.Context(), b.ID)
	if err != nil {
		return v, err
	}
	if v.Uncharged, err = d.uncharged(r.Context(), b); err != nil {
		return v, err
	}
	for _, a := range accounts {
		used := a.Provider == b.Provider && a.Mode == b.Mode
		v.InUse = v.InUse || used
		v.Accounts = append(v.Accounts, providerAccount{a, scope.ProviderName(a.Provider), used})
	}
	return v, err
}

// uncharged says how many links and products ask amounts or currencies that the
// business's provider doesn't charge; "" for none.
func (d pages) uncharged(ctx context.Context, b business.Business) (string, error) {
	links, products, err := d.Payments.CountUncharged(ctx, b)
	var asking []string
	if links > 0 {
		asking = append(asking, i18n.N(ctx, links, "{{.Count}} link", "{{.Count}} links"))
	}
	if products > 0 {
		asking = append(asking, i18n.N(ctx, products, "{{.Count}} product", "{{.Count}} products"))
	}
	if len(asking) == 2 {
		asking = []string{i18n.T(ctx, "{{.Links}} and {{.Products}}", "Links", asking[0], "Products", asking[1])}
	}
	if len(asking) == 0 {
		return "", err
	}
	return i18n.T(ctx, "{{.Provider}} can’t charge the amounts of {{.What}}, so nobody can pay them. They are marked in their lists.", "Provider", provider.Called(b.Provider), "What", asking[0]), err
}

// connectProvider tests a key and keeps it. Whatever is wrong, the key is not
// sent back: it is pasted again.
func (d pages) connectProvider(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	form := r.PostForm
	a, err := d.Keys.Connect(r.Context(), scope.Business.ID, form.Get("provider"),
		keyring.Connection{Key: form.Get("key"), WebhookSecret: form.Get("webhook_secret")})
	if err == nil {
		more := scope.T("It takes your live payments from now on.")
		if a.Mode == business.Test {
			more = scope.T("It takes your test payments from now on.")
		}
		if b, err := d.Businesses.ByID(r.Context(), scope.Business.ID); err == nil {
			if uncharged, err := d.uncharged(r.Context(), b); err == nil && uncharged != "" {
				more += " " + uncharged
			}
		}
		d.Toast(r, ui.ToastProps{Text: scope.T("{{.Provider}} is connected", "Provider", scope.ProviderName(a.Provider)), More: more})
		return frame.Redirect(w, r, scope.Base+"/settings/providers")
	}
	v, failed := d.providerSettings(r, scope)
	if failed != nil {
		return failed
	}
	if form.Get("provider") == mollie.Name {
		v.Provider = mollie.Name
	}
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	switch {
	case ok:
		v.Problems = p
		return d.showProviderForm(w, r, scope, http.StatusUnprocessableEntity, v)
	case fault.Is(err, fault.Unavailable):
		v.Problem = scope.Sentence(fault.Of(err).Message)
		return d.showProviderForm(w, r, scope, http.StatusServiceUnavailable, v)
	}
	return err
}

// useProvider makes a connected account, or play money, move the money.
func (d pages) useProvider(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	if err := d.Keys.Use(r.Context(), scope.Business.ID, r.PostForm.Get("provider"), business.Mode(r.PostForm.Get("mode"))); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("New payments go to this account from now on")})
	return frame.Redirect(w, r, scope.Base+"/settings/providers")
}

func (d pages) disconnectProvider(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	provider := r.PostForm.Get("provider")
	if err := d.Keys.Disconnect(r.Context(), scope.Business, provider, business.Mode(r.PostForm.Get("mode"))); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Provider}} is disconnected", "Provider", scope.ProviderName(provider)), More: scope.T("Its key is deleted here. Revoke it at the provider if you no longer need it.")})
	return frame.Redirect(w, r, scope.Base+"/settings/providers")
}

// saveInstant says whether limited links offer ways to pay that take days.
func (d pages) saveInstant(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	on := frame.Ticked(r.PostForm, "instant")
	if _, err := d.Businesses.Update(r.Context(), scope.Business.ID, 0, business.Patch{InstantOnly: &on}); err != nil {
		return err
	}
	text := scope.T("Limited links offer every payment method")
	if on {
		text = scope.T("Limited links offer only methods that confirm at once")
	}
	d.Toast(r, ui.ToastProps{Text: text})
	return frame.Redirect(w, r, scope.Base+"/settings/providers")
}
