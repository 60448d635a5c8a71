package assistants_test

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/auth"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
	"smartlinks/internal/web/mcp"
	"smartlinks/internal/web/oauth"
)

const back = "http://127.0.0.1:7777/back"

// hidden are the fields of the page that asks, which a browser sends back.
var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`)

// allow does what a member does on the page that asks: ticks, and presses a button.
func allow(t *testing.T, b *dashboardtest.Browser, address, act string, ticks ...string) dashboardtest.Answer {
	t.Helper()
	page := b.Get(address)
	if page.Status != http.StatusOK {
		t.Fatalf("%s: %d to %s: %s", address, page.Status, page.Location, page.Said())
	}
	form := url.Values{"act": {act}}
	for _, field := range hidden.FindAllStringSubmatch(page.Body, -1) {
		form.Add(field[1], html.UnescapeString(field[2]))
	}
	form.Set("business", regexp.MustCompile(`<option value="(biz_[^"]+)" selected`).FindStringSubmatch(page.Body)[1])
	for _, tick := range ticks {
		if tick == "drafts" {
			form.Set("drafts", "on")
			continue
		}
		form.Add("allow", tick)
	}
	return b.Post(oauth.AuthorizePath, form)
}

// connect is an assistant that finds out by itself where to ask, and whose member allows
// what is ticked. It is the client of the protocol's own authors.
func connect(t *testing.T, s *dashboardtest.Site, member *dashboardtest.Browser, c *auth.AuthorizationCodeHandlerConfig, ticks ...string) (*sdk.ClientSession, error) {
	t.Helper()
	c.RedirectURL, c.RequestRefreshToken = back, true
	asked := false
	c.AuthorizationCodeFetcher = func(_ context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
		if asked {
			return nil, errors.New("the member does not allow it again")
		}
		asked = true
		answer := allow(t, member, strings.TrimPrefix(args.URL, s.URL), "allow", ticks...)
		to, err := url.Parse(answer.Location)
		if err != nil || !strings.HasPrefix(answer.Location, back+"?") {
			return nil, errors.New("the page leads to " + answer.Location)
		}
		return &auth.AuthorizationResult{Code: to.Query().Get("code"), State: to.Query().Get("state"), Iss: to.Query().Get("iss")}, nil
	}
	handler, err := auth.NewAuthorizationCodeHandler(c)
	if err != nil {
		t.Fatal(err)
	}
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).
		Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: s.URL + mcp.Path, OAuthHandler: handler, MaxRetries: -1}, nil)
	if err == nil {
		t.Cleanup(func() { _ = session.Close() })
	}
	return session, err
}

func registered() *auth.AuthorizationCodeHandlerConfig {
	return &auth.AuthorizationCodeHandlerConfig{DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{
		Metadata: &oauthex.ClientRegistrationMetadata{ClientName: "Helper", RedirectURIs: []string{back}, TokenEndpointAuthMethod: "none"},
	}}
}

func call(t *testing.T, c *sdk.ClientSession, name string, arguments map[string]any) (text string, refused bool) {
	t.Helper()
	r, err := c.CallTool(t.Context(), &sdk.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		return err.Error(), true
	}
	for _, part := range r.Content {
		text += part.(*sdk.TextContent).Text
	}
	return text, r.IsError
}

var chair = map[string]any{"name": "Chair", "amount": map[string]any{"value": "5"}}

func TestAMemberAllowsAnAssistantAndTakesItBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		b := s.Business(t, "acme", "marit@example.com")
		marit := s.SignedIn(t, "marit@example.com")
		c, err := connect(t, s, marit, registered(), "links:read", "links:write", "drafts")
		if err != nil {
			t.Fatal(err)
		}
		text, refused := call(t, c, "create_link", chair)
		if refused || !strings.Contains(text, `"status":"inactive"`) || !strings.Contains(text, "until a member") {
			t.Errorf("made: %s", text)
		}
		var made struct{ Link struct{ ID string } }
		if err := json.Unmarshal([]byte(text[strings.Index(text, "{\"link\""):]), &made); err != nil {
			t.Fatal(err)
		}
		if text, refused := call(t, c, "update_link", map[string]any{"link_id": made.Link.ID, "active": true}); !refused || !strings.Contains(text, "may not switch links on") {
			t.Errorf("switched on: %s", text)
		}
		if text, refused := call(t, c, "find_payments", nil); !refused || !strings.Contains(text, "payments:read") {
			t.Errorf("beyond its scopes: %s", text)
		}
		page := marit.Get("/dashboard/acme/settings/assistants")
		if !page.Has("Helper", "Allowed by Marit de Boer on", "3 calls in 30 days", "Make and send links", "Its links stay inactive", "Refused: switch a link on", "Helper (Marit de Boer)", `/dashboard/acme/links/`+made.Link.ID) {
			t.Errorf("the list: %s", page.Body[strings.Index(page.Body, "<main"):])
		}
		ask := regexp.MustCompile(`href="(/dashboard/acme/settings/assistants/gra_[^"]+/revoke)"`).FindStringSubmatch(page.Body)
		if ask == nil {
			t.Fatal("nothing to revoke")
		}
		if question := marit.Get(ask[1]); !question.Has("Revoke Helper?") {
			t.Errorf("asked %s", question.Said())
		}
		if done := marit.Post(ask[1], nil); done.Status != http.StatusSeeOther {
			t.Errorf("revoked: %d %s", done.Status, done.Said())
		}
		if text, refused := call(t, c, "find_links", nil); !refused {
			t.Errorf("after it was taken back: %s", text)
		}
		entries, _, err := s.Audit.List(t.Context(), b.ID, "", "")
		said := ""
		for _, e := range entries {
			said += e.Name + ": " + e.What + "\n"
		}
		for _, want := range []string{"Marit de Boer: Allowed an assistant: Helper", "Helper (Marit de Boer): Create a link", "Marit de Boer: Revoked an assistant"} {
			if err != nil || !strings.Contains(said, want) {
				t.Errorf("the audit log lacks %q: %s, %v", want, said, err)
			}
		}
	})
}

// Access is never more than the member has, and ends with the membership.
func TestAGrantIsNeverMoreThanTheMember(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		b := s.Business(t, "acme", "marit@example.com")
		staff := s.Member(t, b, "staff@example.com", account.Staff)
		browser := s.SignedIn(t, "staff@example.com")
		page := allow(t, browser, authorize(t, s), "allow", "payments:read", "payments:write")
		if page.Status != http.StatusUnprocessableEntity || !page.Has("Only an owner or an admin of this business may refund") {
			t.Errorf("staff allows refunds: %d %s", page.Status, page.Said())
		}
		admin := s.Member(t, b, "admin@example.com", account.Admin)
		g := s.Granted(t, b, admin, account.PaymentsRead, account.PaymentsWrite)
		now, err := s.Grants.ByToken(t.Context(), g.Access)
		if err != nil || !now.Scopes.Allow(account.PaymentsWrite) {
			t.Errorf("an admin's: %v, %v", now.Scopes, err)
		}
		s.Exec(t, `UPDATE members SET role = 'staff' WHERE user_id = $1`, admin)
		if now, err = s.Grants.ByToken(t.Context(), g.Access); err != nil || now.Scopes.Allow(account.PaymentsWrite) || !now.Scopes.Allow(account.PaymentsRead) {
			t.Errorf("after the admin became staff: %v, %v", now.Scopes, err)
		}
		owner := s.UserID(t, "marit@example.com")
		if err := s.Accounts.RemoveMember(t.Context(), b.ID, owner, admin, account.Ending{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Grants.ByToken(t.Context(), g.Access); err == nil {
			t.Error("it outlives the membership")
		}
		if _, err := s.Grants.Refresh(t.Context(), g.Refresh, g.ClientID); err == nil {
			t.Error("it is refreshed after the membership")
		}
		s.Exec(t, `INSERT INTO members (business_id, user_id, role, created_at) VALUES ($1, $2, 'admin', 5)`, b.ID, admin)
		if _, err := s.Grants.ByToken(t.Context(), g.Access); err == nil {
			t.Error("it comes back with a new membership")
		}
		// Staff see and revoke their own alone.
		own, other := s.Granted(t, b, staff, account.LinksRead), s.Granted(t, b, owner, account.LinksRead)
		list := browser.Get("/dashboard/acme/settings/assistants")
		if !list.Has(string(own.ID)) || list.Has(string(other.ID)) || list.Has("API token") {
			t.Errorf("staff see %s", list.Body[strings.Index(list.Body, "<main"):])
		}
		if got := browser.Post("/dashboard/acme/settings/assistants/"+string(other.ID)+"/revoke", nil); got.Status != http.StatusNotFound {
			t.Errorf("staff revoke another's: %d", got.Status)
		}
	})
}

// authorize is the address to which a program that has registered itself sends a member.
func authorize(t *testing.T, s *dashboardtest.Site, change ...string) string {
	t.Helper()
	answer, err := http.Post(s.URL+"/oauth/register", "application/json", strings.NewReader(`{"client_name": "Helper", "redirect_uris": ["http://127.0.0.1/back"]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var c struct {
		ID string `json:"client_id"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&c); err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatalf("registered: %d, %v", answer.StatusCode, err)
	}
	q := url.Values{
		"response_type": {"code"}, "client_id": {c.ID}, "redirect_uri": {back}, "state": {"s"}, "code_challenge": {dashboardtest.Challenge}, "code_challenge_method": {"S256"},
		"resource": {s.URL + "/mcp"},
	}
	for i := 0; i < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	return oauth.AuthorizePath + "?" + q.Encode()
}

func TestRequestsThatDoNotFitAreRefused(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	marit := s.SignedIn(t, "marit@example.com")
	if got := s.Browser(t).Get(authorize(t, s)); got.Status != http.StatusSeeOther || !strings.HasPrefix(got.Location, "/sign-in?next=%2Foauth%2Fauthorize") {
		t.Errorf("a stranger: %d %s", got.Status, got.Location)
	}
	if back := s.Browser(t).Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {dashboardtest.Password}, "next": {authorize(t, s)}}); !strings.HasPrefix(back.Location, "/oauth/authorize?") {
		t.Errorf("after signing in: %s", back.Location)
	}
	for want, change := range map[string][]string{
		"unsupported_response_type": {"response_type", "token"}, "invalid_target": {"resource", "https://other.example/mcp"},
		"invalid_request": {"code_challenge_method", "plain"},
	} {
		got := marit.Get(authorize(t, s, change...))
		if to, err := url.Parse(got.Location); err != nil || !strings.HasPrefix(got.Location, back) || to.Query().Get("error") != want || to.Query().Get("iss") != s.URL || to.Query().Get("state") != "s" {
			t.Errorf("%v: %d %s", change, got.Status, got.Location)
		}
	}
	for _, change := range [][]string{{"redirect_uri", "https://evil.example/"}, {"client_id", "clt_none"}, {"client_id", "https://127.0.0.1:1/none"}, {"redirect_uri", "http://localhost:1/other"}} {
		if got := marit.Get(authorize(t, s, change...)); got.Status != http.StatusUnprocessableEntity || got.Location != "" {
			t.Errorf("%v: %d %s", change, got.Status, got.Location)
		}
	}
	if got := allow(t, marit, authorize(t, s), "deny"); !strings.Contains(got.Location, "error=access_denied") {
		t.Errorf("denied: %s", got.Location)
	}
	if got := allow(t, marit, authorize(t, s), "allow"); got.Status != http.StatusUnprocessableEntity || !got.Has("Choose at least one.") {
		t.Errorf("nothing ticked: %d", got.Status)
	}
	page := marit.Get(authorize(t, s))
	if !strings.Contains(page.Header.Get("Content-Security-Policy"), "form-action 'self' http://127.0.0.1:7777;") {
		t.Errorf("the form may lead to %s", page.Header.Get("Content-Security-Policy"))
	}
	for _, scope := range []string{"links:read", "links:write"} {
		if !regexp.MustCompile(`id="allow-` + scope + `"[^>]* checked`).MatchString(page.Body) {
			t.Errorf("%s is not ticked", scope)
		}
	}
	if regexp.MustCompile(`id="allow-payments:write"[^>]* checked`).MatchString(page.Body) {
		t.Error("refunds are ticked")
	}
}
