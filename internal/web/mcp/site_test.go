package mcp_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"smartlinks/internal/account"
	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/web/api"
	"smartlinks/internal/web/mcp"
)

// site is /mcp of an installation, over HTTP.
type site struct {
	*system.System
	t    *testing.T
	acme business.Business
	url  string
}

func newSite(t *testing.T, d *db.DB, change ...func(*mcp.Config)) *site {
	t.Helper()
	s := &site{System: systemtest.New(t, d), t: t, acme: businesstest.Make(t, d, "acme")}
	server := httptest.NewUnstartedServer(nil)
	server.Start()
	t.Cleanup(server.Close)
	addresses, log := addresstest.At(server.URL), slog.New(slog.NewTextHandler(t.Output(), nil))
	c := mcp.Config{API: s.API(api.Config{Addresses: addresses, Log: log}), Addresses: addresses, Version: "test", Log: log}
	for _, f := range change {
		f(&c)
	}
	server.Config.Handler = s.Assistants(c)
	s.url = server.URL + mcp.Path
	return s
}

func (s *site) token(b business.Business, scopes ...account.Scope) string {
	s.t.Helper()
	_, plain, err := s.Accounts.CreateToken(s.t.Context(), b.ID, "Helper", scopes)
	if err != nil {
		s.t.Fatal(err)
	}
	return plain
}

// bearer adds a token to every request.
type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// assistant is a client with a token.
func (s *site) assistant(token string) *sdk.ClientSession {
	s.t.Helper()
	c, err := s.connect(token)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *site) connect(token string) (*sdk.ClientSession, error) {
	c, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).
		Connect(s.t.Context(), &sdk.StreamableClientTransport{Endpoint: s.url, HTTPClient: &http.Client{Transport: bearer(token)}, MaxRetries: -1}, nil)
	if err == nil {
		s.t.Cleanup(func() { _ = c.Close() })
	}
	return c, err
}

// result is what a tool answered.
type result struct {
	*sdk.CallToolResult
	text string
	json map[string]any
}

func (s *site) call(c *sdk.ClientSession, name string, arguments map[string]any) result {
	s.t.Helper()
	answer, err := c.CallTool(s.t.Context(), &sdk.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	r := result{CallToolResult: answer}
	for _, part := range answer.Content {
		r.text += part.(*sdk.TextContent).Text + "\n"
	}
	if text, err := json.Marshal(answer.StructuredContent); err == nil {
		_ = json.Unmarshal(text, &r.json)
	}
	return r
}

// must is call for what has to be done.
func (s *site) must(c *sdk.ClientSession, name string, arguments map[string]any) result {
	s.t.Helper()
	r := s.call(c, name, arguments)
	if r.IsError {
		s.t.Fatalf("%s %v: %s", name, arguments, r.text)
	}
	return r
}

// refused is call for what must be answered with an error that says why.
func (s *site) refused(c *sdk.ClientSession, why, name string, arguments map[string]any) {
	s.t.Helper()
	if r := s.call(c, name, arguments); !r.IsError || !strings.Contains(r.text, why) {
		s.t.Errorf("%s %v is not refused for %q: %s", name, arguments, why, r.text)
	}
}

// at is the value behind the path of keys, as JSON.
func (r result) at(path string) string {
	var v any = r.json
	for key := range strings.SplitSeq(path, ".") {
		if list, ok := v.([]any); ok && key == "0" && len(list) > 0 {
			v = list[0]
			continue
		}
		object, _ := v.(map[string]any)
		v = object[key]
	}
	text, _ := json.Marshal(v)
	return strings.Trim(string(text), `"`)
}

// pay pays a link as a payer would, and returns the payment's id.
func (s *site) pay(linkID, name string) string {
	s.t.Helper()
	ctx := s.t.Context()
	l, err := s.Links.Get(ctx, s.acme, link.ID(linkID))
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.Payments.Start(ctx, payment.StartRequest{
		Business: s.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
		Payer: attempt.Payer{Name: name, Email: "payer@example.com", Language: "en"}, Attribution: attempt.Attribution{Channel: "direct"},
	})
	if err == nil {
		_, err = s.Sandbox.Decide(ctx, a.ProviderRef, sandbox.Paid, sandbox.Lost)
	}
	if err == nil {
		_, err = s.Payments.Sync(ctx, s.acme.ID, a.ID, attempt.CauseReturn)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return string(a.ID)
}
