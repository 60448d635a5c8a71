package settings

import (
	"net/http"
	"slices"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// tokensView is Settings → API.
type tokensView struct {
	frame.Problems
	Settings frame.SettingsView
	Docs     string
	Made     string // a new token in plain, shown this once
	Name     string
	Scopes   []scopeChoice
	Tokens   []tokenRow
	// PayRequest is whether the business’s programs are answered as PayRequest did.
	PayRequest  bool
	Changed     string         // what became of the old secret, once it was changed
	Owner       bool           // may see and change the signing secret
	Secret      string         // signs the redirect after payment; "" until an owner asks for it
	SecretWrong frame.Problems // what is wrong with the form that asks for it
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
func scopeLabels(reader frame.Reader) []scopeChoice {
	return []scopeChoice{
		{Value: string(account.All), Label: reader.T("Everything")},
		{Value: string(account.LinksRead), Label: reader.T("Read links")},
		{Value: string(account.LinksWrite), Label: reader.T("Change links")},
		{Value: string(account.ProductsRead), Label: reader.T("Read products")},
		{Value: string(account.ProductsWrite), Label: reader.T("Change products")},
		{Value: string(account.CustomersRead), Label: reader.T("Read customers")},
		{Value: string(account.CustomersWrite), Label: reader.T("Change customers")},
		{Value: string(account.PaymentsRead), Label: reader.T("Read payments")},
		{Value: string(account.PaymentsWrite), Label: reader.T("Refund payments")},
		{Value: string(account.WebhooksRead), Label: reader.T("Read events and webhooks")},
		{Value: string(account.WebhooksWrite), Label: reader.T("Change webhooks")},
		{Value: string(account.BusinessRead), Label: reader.T("Read the business")},
		{Value: string(account.BusinessWrite), Label: reader.T("Change the business")},
	}
}

func (d pages) showTokens(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.tokensView(r, scope, []string{string(account.All)})
	if err != nil {
		return err
	}
	v.Made = d.TakeOnce(w, r, tokenOnce+string(scope.Business.ID)).Text
	if v.Owner {
		shown := d.TakeOnce(w, r, signingOnce+string(scope.Business.ID))
		v.Secret, v.Changed = shown.Text, shown.Said
	}
	return d.showTokensPage(w, r, scope, http.StatusOK, v)
}

// What the page of a business shows once.
const (
	tokenOnce   = "token/"
	signingOnce = "signing secret/"
)

// ScopeWords says what a token may do, as the form does.
func ScopeWords(reader frame.Reader, scopes account.Scopes) string {
	var words []string
	for _, c := range scopeLabels(reader) {
		if slices.Contains(scopes, account.Scope(c.Value)) {
			words = append(words, c.Label)
		}
	}
	return strings.Join(words, ", ")
}

func (d pages) showTokensPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v tokensView) error {
	return frame.Render(w, r, status, tokensPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) tokensView(r *http.Request, scope *frame.Scope, chosen []string) (tokensView, error) {
	tokens, err := d.Accounts.Tokens(r.Context(), scope.Business.ID)
	v := tokensView{Settings: frame.SettingsAt(scope, "tokens"), Docs: scope.Addresses.Own(address.APIDocs()), Scopes: scopeLabels(scope.Reader), PayRequest: scope.Business.PayRequest}
	for i, s := range v.Scopes {
		v.Scopes[i].Chosen = slices.Contains(chosen, s.Value)
	}
	for _, t := range tokens {
		if t.RevokedAt != nil {
			continue
		}
		row := tokenRow{
			Name: t.Name, Scopes: ScopeWords(scope.Reader, t.Scopes), Created: created(scope, t), Used: TokenUse(t, scope),
			Revoke: scope.Base + "/settings/tokens/" + string(t.ID) + "/revoke", Dialog: "revoke-" + string(t.ID),
		}
		v.Tokens = append(v.Tokens, row)
	}
	v.Owner = scope.Member.Role == account.Owner
	return v, err
}

// createToken leads to the page, which shows the token this once.
func (d pages) createToken(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	name, chosen := r.PostForm.Get("name"), r.PostForm["scope"]
	var scopes account.Scopes
	for _, s := range chosen {
		scopes = append(scopes, account.Scope(s))
	}
	_, plain, failed := d.Accounts.CreateTokenBy(r.Context(), scope.Business.ID, scope.Member.ID, name, scopes)
	if failed == nil {
		if err := d.ShowOnce(r, tokenOnce+string(scope.Business.ID), frame.Once{Text: plain}); err != nil {
			return err
		}
		return frame.Redirect(w, r, scope.Base+"/settings/tokens")
	}
	v, err := d.tokensView(r, scope, chosen)
	if err != nil {
		return err
	}
	p, ok := frame.ProblemsOf(scope.Reader, failed, nil)
	if !ok {
		return failed
	}
	v.Problems, v.Name = p, name
	if len(chosen) == 0 {
		v.Errors["scopes"] = scope.T("Choose at least one.")
	}
	return d.showTokensPage(w, r, scope, http.StatusUnprocessableEntity, v)
}

// switchPayRequest says whether programs are answered as PayRequest did.
func (d pages) switchPayRequest(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	on := frame.Ticked(r.PostForm, "active")
	if _, err := d.Businesses.Update(r.Context(), scope.Business.ID, 0, business.Patch{PayRequest: &on}); err != nil {
		return err
	}
	toast := ui.ToastProps{Text: scope.T("Programs get Smart Links’ answers")}
	if on {
		toast = ui.ToastProps{Text: scope.T("Programs get PayRequest’s answers"), More: scope.T("From their next request on.")}
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/settings/tokens")
}

func (d pages) revokeToken(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	err := d.Accounts.RevokeToken(r.Context(), scope.Business.ID, account.TokenID(r.PathValue("id")))
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("The token is revoked"), More: scope.T("Programs that use it are refused from now on.")})
	return frame.Redirect(w, r, scope.Base+"/settings/tokens")
}

// created says when a token was created, and by whom as far as it is known.
func created(scope *frame.Scope, t account.Token) string {
	day := scope.Date(t.CreatedAt, scope.Business.Location())
	switch {
	case t.Maker == "":
		return scope.T("Created {{.Created}}", "Created", day)
	case t.MakerLeft:
		return scope.T("Created {{.Day}} by {{.Name}}, who has left the team", "Day", day, "Name", t.Maker)
	}
	return scope.T("Created {{.Day}} by {{.Name}}", "Day", day, "Name", t.Maker)
}

// TokenUse says when a token was used last.
func TokenUse(t account.Token, scope *frame.Scope) string {
	if t.LastUsedAt == nil {
		return scope.T("Never used")
	}
	return scope.T("Used {{.When}}", "When", scope.Distance(*t.LastUsedAt, scope.Now))
}
