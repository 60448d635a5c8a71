package dashboard

import (
	"net/http"
	"slices"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/web/ui"
)

// tokensView is Settings → API.
type tokensView struct {
	problems
	Settings settingsView
	Docs     string
	Made     string // a new token in plain, shown this once
	Name     string
	Scopes   []scopeChoice
	Tokens   []tokenRow
	// PayRequest is whether the business’s programs are answered as PayRequest did.
	PayRequest  bool
	Changed     string   // what became of the old secret, once it was changed
	Owner       bool     // may see and change the signing secret
	Secret      string   // signs the redirect after payment; "" until an owner asks for it
	SecretWrong problems // what is wrong with the form that asks for it
}

// scopeChoice is a part of the API that a token may open.
type scopeChoice struct {
	Value, Label string
	Chosen       bool
}

// tokenRow is a token of the list.
type tokenRow struct {
	Name, Scopes, Created, Used string
	Revoke                      string // where the form posts
	Dialog                      string
}

// scopeLabels are the scopes that the form offers, in its order.
func scopeLabels() []scopeChoice {
	return []scopeChoice{
		{Value: string(account.All), Label: "Everything"},
		{Value: string(account.LinksRead), Label: "Read links"},
		{Value: string(account.LinksWrite), Label: "Change links"},
		{Value: string(account.ProductsRead), Label: "Read products"},
		{Value: string(account.ProductsWrite), Label: "Change products"},
		{Value: string(account.CustomersRead), Label: "Read customers"},
		{Value: string(account.CustomersWrite), Label: "Change customers"},
		{Value: string(account.PaymentsRead), Label: "Read payments"},
		{Value: string(account.PaymentsWrite), Label: "Refund payments"},
		{Value: string(account.WebhooksRead), Label: "Read events and webhooks"},
		{Value: string(account.WebhooksWrite), Label: "Change webhooks"},
		{Value: string(account.BusinessRead), Label: "Read the business"},
		{Value: string(account.BusinessWrite), Label: "Change the business"},
	}
}

func (d *Dashboard) showTokens(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.tokensView(r, at, []string{string(account.All)})
	if err != nil {
		return err
	}
	return d.showTokensPage(w, r, at, http.StatusOK, v)
}

// scopeWords says what a token may do, as the form does.
func scopeWords(scopes account.Scopes) string {
	var words []string
	for _, c := range scopeLabels() {
		if slices.Contains(scopes, account.Scope(c.Value)) {
			words = append(words, c.Label)
		}
	}
	return strings.Join(words, ", ")
}

func (d *Dashboard) showTokensPage(w http.ResponseWriter, r *http.Request, at *room, status int, v tokensView) error {
	return render(w, r, status, tokensPage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) tokensView(r *http.Request, at *room, chosen []string) (tokensView, error) {
	tokens, err := d.Accounts.Tokens(r.Context(), at.Business.ID)
	v := tokensView{Settings: settingsAt(at, "tokens"), Docs: at.Public.JoinPath("api", "docs").String(), Scopes: scopeLabels(), PayRequest: at.Business.PayRequest}
	for i, s := range v.Scopes {
		v.Scopes[i].Chosen = slices.Contains(chosen, s.Value)
	}
	for _, t := range tokens {
		if t.RevokedAt != nil {
			continue
		}
		row := tokenRow{
			Name: t.Name, Scopes: scopeWords(t.Scopes), Created: ui.Date(t.CreatedAt, at.Business.Location()) + madeBy(t), Used: tokenUse(t, at),
			Revoke: at.Base + "/settings/tokens/" + string(t.ID) + "/revoke", Dialog: "revoke-" + string(t.ID),
		}
		v.Tokens = append(v.Tokens, row)
	}
	v.Owner = at.Member.Role == account.Owner
	return v, err
}

// createToken answers with the page itself, because the token is shown this
// once and kept nowhere, not even for the time of a redirect.
func (d *Dashboard) createToken(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	name, chosen := r.PostForm.Get("name"), r.PostForm["scope"]
	var scopes account.Scopes
	for _, s := range chosen {
		scopes = append(scopes, account.Scope(s))
	}
	_, plain, failed := d.Accounts.CreateTokenBy(r.Context(), at.Business.ID, at.Member.ID, name, scopes)
	v, err := d.tokensView(r, at, chosen)
	if err != nil {
		return err
	}
	if failed != nil {
		p, ok := problemsOf(failed, nil)
		if !ok {
			return failed
		}
		v.problems, v.Name = p, name
		if len(chosen) == 0 {
			v.Errors["scopes"] = "Choose at least one."
		}
		return d.showTokensPage(w, r, at, http.StatusUnprocessableEntity, v)
	}
	v.Made = plain
	return d.showTokensPage(w, r, at, http.StatusOK, v)
}

// switchPayRequest says whether programs are answered as PayRequest did.
func (d *Dashboard) switchPayRequest(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	on := ticked(r.PostForm, "active")
	if _, err := d.Businesses.Update(r.Context(), at.Business.ID, 0, business.Patch{PayRequest: &on}); err != nil {
		return err
	}
	toast := ui.ToastProps{Text: "Programs are answered as everywhere"}
	if on {
		toast = ui.ToastProps{Text: "Programs are answered as PayRequest did", More: "That holds from their next request on."}
	}
	d.say(r, toast)
	return redirect(w, r, at.Base+"/settings/tokens")
}

func (d *Dashboard) revokeToken(w http.ResponseWriter, r *http.Request, at *room) error {
	err := d.Accounts.RevokeToken(r.Context(), at.Business.ID, account.TokenID(r.PathValue("id")))
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "The token is revoked", More: "Programs that use it are refused from now on."})
	return redirect(w, r, at.Base+"/settings/tokens")
}

// madeBy names who made a token, as far as it is known.
func madeBy(t account.Token) string {
	switch {
	case t.Maker == "":
		return ""
	case t.MakerLeft:
		return " by " + t.Maker + ", who has left the team"
	}
	return " by " + t.Maker
}
