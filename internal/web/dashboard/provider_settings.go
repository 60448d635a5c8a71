package dashboard

import (
	"context"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/stripe"
	"smartlinks/internal/web/ui"
)

// providerSettingsView is the page Settings → Providers. A key never comes back
// to it: only its last characters are known here.
type providerSettingsView struct {
	problems
	Settings settingsView
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

// providerName is what a provider is called.
func providerName(provider string) string {
	switch provider {
	case stripe.Name:
		return "Stripe"
	case mollie.Name:
		return "Mollie"
	case business.Sandbox:
		return "Sandbox"
	}
	return provider
}

func (d *Dashboard) showProviders(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.providerSettings(r, at)
	if err != nil {
		return err
	}
	return d.showProviderForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showProviderForm(w http.ResponseWriter, r *http.Request, at *room, status int, v providerSettingsView) error {
	return render(w, r, status, providerSettingsPage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) providerSettings(r *http.Request, at *room) (providerSettingsView, error) {
	b := at.Business
	v := providerSettingsView{
		Settings: settingsAt(at, "providers"), Base: at.Base, Provider: stripe.Name, Sandbox: d.Sandbox, Instant: b.InstantOnly, Now: at.Now, Zone: b.Location(),
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
		v.Accounts = append(v.Accounts, providerAccount{a, providerName(a.Provider), used})
	}
	return v, err
}

// uncharged says how many links and products ask amounts or currencies that the
// business's provider doesn't charge; "" for none.
func (d *Dashboard) uncharged(ctx context.Context, b business.Business) (string, error) {
	links, products, err := d.Payments.CountUncharged(ctx, b)
	var asking []string
	if links > 0 {
		asking = append(asking, counted(links, "link", "links"))
	}
	if products > 0 {
		asking = append(asking, counted(products, "product", "products"))
	}
	if len(asking) == 0 {
		return "", err
	}
	return payment.Called(b.Provider) + " can’t charge the amounts of " + strings.Join(asking, " and ") + ", so nobody can pay them. They are marked in their lists.", err
}

// connectProvider tests a key and keeps it. Whatever is wrong, the key is not
// sent back: it is pasted again.
func (d *Dashboard) connectProvider(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	form := r.PostForm
	a, err := d.Keys.Connect(r.Context(), at.Business.ID, form.Get("provider"),
		keyring.Connection{Key: form.Get("key"), WebhookSecret: form.Get("webhook_secret")})
	if err == nil {
		more := "It takes your " + string(a.Mode) + " payments from now on."
		if b, err := d.Businesses.ByID(r.Context(), at.Business.ID); err == nil {
			if uncharged, err := d.uncharged(r.Context(), b); err == nil && uncharged != "" {
				more += " " + uncharged
			}
		}
		d.say(r, ui.ToastProps{Text: providerName(a.Provider) + " is connected", More: more})
		return redirect(w, r, at.Base+"/settings/providers")
	}
	v, failed := d.providerSettings(r, at)
	if failed != nil {
		return failed
	}
	if form.Get("provider") == mollie.Name {
		v.Provider = mollie.Name
	}
	p, ok := problemsOf(err, nil)
	switch {
	case ok:
		v.problems = p
		return d.showProviderForm(w, r, at, http.StatusUnprocessableEntity, v)
	case fault.Is(err, fault.Unavailable):
		v.Problem = fault.Of(err).Message
		return d.showProviderForm(w, r, at, http.StatusServiceUnavailable, v)
	}
	return err
}

// useProvider makes a connected account, or play money, move the money.
func (d *Dashboard) useProvider(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	if err := d.Keys.Use(r.Context(), at.Business.ID, r.PostForm.Get("provider"), business.Mode(r.PostForm.Get("mode"))); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "New payments go there from now on"})
	return redirect(w, r, at.Base+"/settings/providers")
}

func (d *Dashboard) disconnectProvider(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	provider := r.PostForm.Get("provider")
	if err := d.Keys.Disconnect(r.Context(), at.Business, provider, business.Mode(r.PostForm.Get("mode"))); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: providerName(provider) + " is disconnected", More: "Its key is forgotten here. Revoke it there if you don't need it any more."})
	return redirect(w, r, at.Base+"/settings/providers")
}

// saveInstant says whether limited links offer ways to pay that take days.
func (d *Dashboard) saveInstant(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	on := ticked(r.PostForm, "instant")
	if _, err := d.Businesses.Update(r.Context(), at.Business.ID, 0, business.Patch{InstantOnly: &on}); err != nil {
		return err
	}
	text := "Limited links offer every way to pay"
	if on {
		text = "Limited links offer only what confirms at once"
	}
	d.say(r, ui.ToastProps{Text: text})
	return redirect(w, r, at.Base+"/settings/providers")
}

// keyAlert tells every page that payers can't pay, because the provider refuses
// the key in use.
func (d *Dashboard) keyAlert(r *http.Request, at *room) *ui.Alert {
	accounts, err := d.Keys.List(r.Context(), at.Business.ID)
	if err != nil {
		return nil // the alert is missing, the page is not
	}
	for _, a := range accounts {
		if a.Status == keyring.Refused && a.Provider == at.Business.Provider && a.Mode == at.Business.Mode {
			return &ui.Alert{
				Text: providerName(a.Provider) + " refuses your key, so nobody can pay. Enter a new one.",
				Href: at.Base + "/settings/providers", Action: "Open Providers",
			}
		}
	}
	return nil
}
