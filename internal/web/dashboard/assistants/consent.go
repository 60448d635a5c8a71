package assistants

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/grant"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/oauth"
	"smartlinks/internal/web/ui"
)

// parameters are those of a request for a grant (RFC 6749, 4.1.1; RFC 7636; RFC 8707).
var parameters = []string{"response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method", "resource"}

// request is what a program asks a member for.
type request struct {
	client      grant.Client
	redirectURI string
	values      url.Values // as they came
	scopes      account.Scopes
}

// consentView is the page that asks.
type consentView struct {
	frame.Problems
	Program    string
	Host       string // whose document describes it, "" for one that has registered itself
	Back       string // where the member is sent back to
	OnMachine  bool   // to a program on their own machine
	Hidden     [][2]string
	Businesses []ui.Option
	Business   string
	Rights     []rightChoice
	Drafts     bool
}

type rightChoice struct {
	right
	Chosen bool
}

// member is who is signed in, and the request in the language that they chose.
func (d pages) member(r *http.Request) (account.UserID, *http.Request, error) {
	id, err := d.User(r)
	if err != nil {
		return "", r, err
	}
	u, err := d.Accounts.UserByID(r.Context(), id)
	if err == nil && u.Language != "" {
		r = r.WithContext(i18n.WithLanguage(r.Context(), u.Language))
	}
	return id, r, err
}

// ask shows what a program wants. Who is not signed in does so first, so that strangers
// can't have us fetch anything.
func (d pages) ask(w http.ResponseWriter, r *http.Request) error {
	user, r, err := d.member(r)
	if err != nil {
		return err
	}
	asked, err := d.read(r, user, r.URL.Query())
	if err != nil {
		return asked.refuse(w, r, d, err)
	}
	v, err := d.consentView(r.Context(), user, asked)
	if err != nil {
		return err
	}
	for i, c := range v.Rights {
		v.Rights[i].Chosen = slices.Contains(asked.scopes, c.scope) && c.scope != account.PaymentsWrite
	}
	v.Drafts = true
	return d.show(w, r, http.StatusOK, asked, v)
}

// decide hands a code to the program, or tells it that the member did not want.
func (d pages) decide(w http.ResponseWriter, r *http.Request) error {
	user, r, err := d.member(r)
	if err != nil {
		return err
	}
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	asked, err := d.read(r, user, r.PostForm)
	if err != nil {
		return asked.refuse(w, r, d, err)
	}
	if r.PostForm.Get("act") != "allow" {
		return asked.send(w, r, d, url.Values{"error": {"access_denied"}})
	}
	var scopes account.Scopes
	for _, s := range r.PostForm["allow"] {
		scopes = append(scopes, account.Scope(s))
	}
	code, err := d.Grants.Allow(r.Context(), user, d.MaskedIP(r), grant.Authorization{
		BusinessID: business.ID(r.PostForm.Get("business")), Client: asked.client, RedirectURI: asked.redirectURI,
		Challenge: asked.values.Get("code_challenge"), Scopes: scopes, Drafts: frame.Ticked(r.PostForm, "drafts"),
	})
	if p, ok := frame.ProblemsOf(frame.ReaderOf(r.Context()), err, nil); ok {
		v, err := d.consentView(r.Context(), user, asked)
		if err != nil {
			return err
		}
		v.Problems, v.Business, v.Drafts = p, r.PostForm.Get("business"), frame.Ticked(r.PostForm, "drafts")
		for i, c := range v.Rights {
			v.Rights[i].Chosen = slices.Contains(scopes, c.scope)
		}
		return d.show(w, r, http.StatusUnprocessableEntity, asked, v)
	}
	if err != nil {
		return err
	}
	return asked.send(w, r, d, url.Values{"code": {code}})
}

// problem is an error that the program is told, by its name in OAuth.
type problem struct{ kind, text string }

func (p problem) Error() string { return p.text }

// read checks what a program asks for. A problem is told to the program; before it is known
// where that is told, an error is shown to the member.
func (d pages) read(r *http.Request, user account.UserID, from url.Values) (asked request, err error) {
	values := url.Values{}
	for _, name := range parameters {
		if len(from[name]) > 0 {
			values[name] = from[name]
		}
	}
	client, err := d.Grants.Client(r.Context(), values.Get("client_id"), string(user))
	if err != nil {
		return request{}, err
	}
	to := values.Get("redirect_uri")
	if !client.Redirects(to) {
		return request{}, fault.New(fault.Invalid, "This program wants to send you somewhere else than it said. Ask its maker.")
	}
	asked = request{client: client, redirectURI: to, values: values}
	for _, name := range parameters {
		if len(values[name]) > 1 {
			return asked, problem{"invalid_request", name + " was sent twice"}
		}
	}
	challenge := values.Get("code_challenge")
	switch resource := values.Get("resource"); {
	case values.Get("response_type") != "code":
		return asked, problem{"unsupported_response_type", "use code"}
	case values.Get("code_challenge_method") != "S256" || len(challenge) != 43:
		return asked, problem{"invalid_request", "send a code_challenge by S256"}
	case resource != "" && !oauth.SameResource(resource, d.Addresses):
		return asked, problem{"invalid_target", "access is given to " + oauth.Resource(d.Addresses) + " alone"}
	}
	// Scopes that we don't know are left out; who asks for none, or for no other, asks for all.
	if wanted, _ := account.ParseScopes(values.Get("scope")); len(wanted) > 0 {
		asked.scopes = grant.Within(account.Owner, wanted)
	}
	if len(asked.scopes) == 0 {
		asked.scopes = grant.Scopes()
	}
	return asked, nil
}

// refuse tells the program of a problem, and the member of any other error.
func (q request) refuse(w http.ResponseWriter, r *http.Request, d pages, err error) error {
	p, ok := err.(problem)
	if !ok {
		return err
	}
	return q.send(w, r, d, url.Values{"error": {p.kind}, "error_description": {p.text}})
}

// send leads back to the program, with what it is told, its state, and our name, by which
// it tells servers apart (RFC 9207).
func (q request) send(w http.ResponseWriter, r *http.Request, d pages, told url.Values) error {
	to, err := url.Parse(q.redirectURI)
	if err != nil {
		return err
	}
	query := to.Query()
	for name, values := range told {
		query[name] = values
	}
	if state := q.values.Get("state"); state != "" {
		query.Set("state", state)
	}
	query.Set("iss", d.Addresses.Origin())
	to.RawQuery = query.Encode()
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return nil
}

func (d pages) consentView(ctx context.Context, user account.UserID, asked request) (consentView, error) {
	v := consentView{Program: asked.client.Name, Host: asked.client.Host()}
	if to, err := url.Parse(asked.redirectURI); err == nil {
		v.Back, v.OnMachine = to.Host, to.Scheme != "https"
	}
	for _, name := range parameters {
		if value := asked.values.Get(name); value != "" {
			v.Hidden = append(v.Hidden, [2]string{name, value})
		}
	}
	memberships, err := d.Accounts.Memberships(ctx, user)
	if err != nil {
		return v, err
	}
	if len(memberships) == 0 {
		return v, fault.New(fault.Forbidden, "You belong to no business, so there is nothing that you could allow.")
	}
	for _, m := range memberships {
		v.Businesses = append(v.Businesses, ui.Option{Value: string(m.BusinessID), Label: m.Name})
	}
	v.Business = v.Businesses[0].Value
	for _, one := range rights() {
		if slices.Contains(asked.scopes, one.scope) {
			v.Rights = append(v.Rights, rightChoice{right: one})
		}
	}
	return v, nil
}

// show answers with the page. Its form may lead to the program: Chromium applies form-action
// to where the answer redirects.
func (d pages) show(w http.ResponseWriter, r *http.Request, status int, asked request, v consentView) error {
	if to, err := url.Parse(asked.redirectURI); err == nil {
		source := to.Scheme + ":"
		if to.Host != "" && (to.Scheme == "https" || to.Scheme == "http") {
			source += "//" + to.Host
		}
		w.Header().Set("Content-Security-Policy", guard.PolicyLeadingTo(source))
	}
	return frame.Render(w, r, status, consentPage(v))
}
