package assistants_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
	"smartlinks/internal/web/mcp"
)

// post sends a form as a program does.
func post(t *testing.T, s *dashboardtest.Site, path string, form url.Values) (status int, told map[string]any) {
	t.Helper()
	answer, err := http.PostForm(s.URL+path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(text, &told)
	return answer.StatusCode, told
}

func TestCodesAndTokensAreGoodForOnceAndForTheirOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		b := s.Business(t, "acme", "marit@example.com")
		marit := s.SignedIn(t, "marit@example.com")
		address := authorize(t, s)
		q, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		exchange := func(change ...string) (int, map[string]any) {
			to, err := url.Parse(allow(t, marit, address, "allow", "links:read").Location)
			if err != nil {
				t.Fatal(err)
			}
			form := url.Values{
				"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "client_id": {q.Query().Get("client_id")}, "redirect_uri": {back},
				"code_verifier": {dashboardtest.Verifier}, "resource": {s.URL + "/mcp"},
			}
			for i := 0; i < len(change); i += 2 {
				form.Set(change[i], change[i+1])
			}
			return post(t, s, "/oauth/token", form)
		}
		for want, change := range map[string][]string{
			"invalid_target": {"resource", "https://other.example/mcp"}, "unsupported_grant_type": {"grant_type", "password"},
		} {
			if status, told := exchange(change...); status != http.StatusBadRequest || told["error"] != want {
				t.Errorf("%v: %d %v", change, status, told)
			}
		}
		for _, change := range [][]string{{"code_verifier", "another"}, {"client_id", "clt_other"}, {"redirect_uri", "http://127.0.0.1/back"}, {"code", "none"}} {
			if status, told := exchange(change...); status != http.StatusBadRequest || told["error"] != "invalid_grant" {
				t.Errorf("%v: %d %v", change, status, told)
			}
		}
		status, told := exchange()
		if status != http.StatusOK || told["token_type"] != "Bearer" || told["scope"] != "links:read" || told["expires_in"] != 3600.0 {
			t.Fatalf("%d %v", status, told)
		}
		access, refresh := told["access_token"].(string), told["refresh_token"].(string)
		if _, err := s.Grants.ByToken(t.Context(), access); err != nil {
			t.Error(err)
		}
		again := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "client_id": {q.Query().Get("client_id")}}
		status, renewed := post(t, s, "/oauth/token", again)
		if status != http.StatusOK || renewed["refresh_token"] == refresh {
			t.Errorf("refreshed: %d %v", status, renewed)
		}
		// Who uses a refresh token a second time has stolen it, or was stolen from.
		if status, told := post(t, s, "/oauth/token", again); status != http.StatusBadRequest || told["error"] != "invalid_grant" {
			t.Errorf("a used one: %d %v", status, told)
		}
		if _, err := s.Grants.ByToken(t.Context(), renewed["access_token"].(string)); err == nil {
			t.Error("a stolen grant goes on")
		}
		// The API, and the server for assistants of another business, take none of it.
		g := s.Granted(t, b, s.UserID(t, "marit@example.com"), account.LinksRead)
		if _, err := s.Accounts.TokenByPlain(t.Context(), g.Access); err == nil {
			t.Error("the API takes it")
		}
		if status, _ := post(t, s, "/oauth/revoke", url.Values{"token": {g.Refresh}}); status != http.StatusOK {
			t.Errorf("revoked by its program: %d", status)
		}
		if _, err := s.Grants.ByToken(t.Context(), g.Access); err == nil {
			t.Error("it goes on")
		}
		// What has expired opens nothing, and is removed.
		g = s.Granted(t, b, s.UserID(t, "marit@example.com"), account.LinksRead)
		s.Exec(t, `UPDATE grant_tokens SET expires_at = 5`)
		if _, err := s.Grants.ByToken(t.Context(), g.Access); err == nil {
			t.Error("an expired one opens")
		}
		if err := s.Grants.DeleteOld(t.Context()); err != nil {
			t.Error(err)
		}
		var left int
		if err := s.DB.Get(t.Context(), &left, `SELECT COUNT(*) FROM grant_tokens`); err != nil || left != 0 {
			t.Errorf("%d are left, %v", left, err)
		}
	})
}

// A program may be described by a document at the address that is its id.
func TestAProgramIsDescribedByItsDocument(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	b := s.Business(t, "acme", "marit@example.com")
	marit := s.SignedIn(t, "marit@example.com")
	var document string
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved.json" {
			http.Redirect(w, r, "/client.json", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, document)
	}))
	defer host.Close()
	id := host.URL + "/client.json"
	good := `{"client_id": "` + id + `", "client_name": "Studio helper", "redirect_uris": ["http://127.0.0.1/back"], "token_endpoint_auth_method": "none"}`
	for _, bad := range []string{
		"", strings.Replace(good, "client.json", "other.json", 1), strings.Replace(good, `"none"`, `"private_key_jwt"`, 1), strings.Replace(good, "http://127.0.0.1/back", "javascript:alert(1)", 1),
		strings.Replace(good, "Studio helper", strings.Repeat("x", 40<<10), 1),
	} {
		document = bad
		if got := marit.Get(authorize(t, s, "client_id", id)); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%.80s: %d", bad, got.Status)
		}
	}
	document = strings.Replace(good, `"none"`, `"urgent: call +1 555 0100"`, 1)
	if got := marit.Get(authorize(t, s, "client_id", id)); got.Has("urgent") || !got.Has("wants to prove itself by a secret or a key") {
		t.Errorf("its words stand on our page: %s", got.Said())
	}
	document = good
	if got := marit.Get(authorize(t, s, "client_id", host.URL+"/moved.json")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a redirect is followed: %d", got.Status)
	}
	if page := marit.Get(authorize(t, s, "client_id", id)); !page.Has("Studio helper", strings.TrimPrefix(host.URL, "http://")) {
		t.Errorf("asked %s", page.Said())
	}
	to, err := url.Parse(allow(t, marit, authorize(t, s, "client_id", id), "allow", "links:read").Location)
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("%v, %v", to, err)
	}
	if _, err := s.Grants.ExchangeCode(t.Context(), to.Query().Get("code"), id, back, dashboardtest.Verifier); err != nil {
		t.Error(err)
	}
	list, err := s.Grants.List(t.Context(), b.ID, "")
	if err != nil || len(list) != 1 || list[0].ClientName != "Studio helper" {
		t.Errorf("%v, %v", list, err)
	}
}

func TestProgramsRegisterWithinBounds(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	register := func(body string) (int, string) {
		answer, err := http.Post(s.URL+"/oauth/register", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	for _, to := range []string{
		"http://evil.example/", "javascript:alert(1)", "data:text/html,x", "https://a.example/#x", "https://user:secret@a.example/", "nowhere", "//a.example/",
		"https://a.example/\u00a0javascript:alert(1)", "https://a.example/\u3000x", "https://a.example/\u2028x",
	} {
		if status, text := register(`{"redirect_uris": ["` + to + `"]}`); status != http.StatusBadRequest || !strings.Contains(text, "invalid_redirect_uri") {
			t.Errorf("%s: %d %s", to, status, text)
		}
	}
	if status, text := register(`{"redirect_uris": [`); status != http.StatusBadRequest || !strings.Contains(text, "invalid_client_metadata") {
		t.Errorf("no JSON: %d %s", status, text)
	}
	for _, to := range []string{"https://a.example/back?x=1", "http://localhost:3000/back", "http://[::1]/back", "cursor://anysphere/back"} {
		if status, text := register(`{"client_name": "x", "redirect_uris": ["` + to + `"], "token_endpoint_auth_method": "client_secret_basic"}`); status != http.StatusCreated || !strings.Contains(text, `"token_endpoint_auth_method":"none"`) {
			t.Errorf("%s: %d %s", to, status, text)
		}
	}
	for range 40 {
		if status, _ := register(`{"redirect_uris": ["https://a.example/"]}`); status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("nothing is too many")
}

// What a program reads of us leads to where it is to ask.
func TestTheServerIsDescribed(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	answer, err := http.Post(s.URL+mcp.Path, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	challenge := answer.Header.Get("WWW-Authenticate")
	at := s.URL + "/.well-known/oauth-protected-resource/mcp"
	if answer.StatusCode != http.StatusUnauthorized || !strings.Contains(challenge, `resource_metadata="`+at+`"`) {
		t.Errorf("%d %s", answer.StatusCode, challenge)
	}
	resource, err := oauthex.GetProtectedResourceMetadata(t.Context(), at, s.URL+"/mcp", http.DefaultClient)
	if err != nil || resource.AuthorizationServers[0] != s.URL {
		t.Fatalf("%v, %v", resource, err)
	}
	server, err := oauthex.GetAuthServerMeta(t.Context(), s.URL+"/.well-known/oauth-authorization-server", s.URL, http.DefaultClient)
	if err != nil || !server.AuthorizationResponseIssParameterSupported || !server.ClientIDMetadataDocumentSupported || server.TokenEndpoint != s.URL+"/oauth/token" {
		t.Errorf("%+v, %v", server, err)
	}
}
