package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/reminder"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/testclock"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/api"
	"smartlinks/internal/web/api/apitest"
	"smartlinks/internal/webhook"
)

// site is the API of an installation, over HTTP, with a token for everything
// of the business acme.
type site struct {
	t          testing.TB
	d          *db.DB
	accounts   *account.Accounts
	businesses *business.Businesses
	links      *link.Links
	payments   *payment.Payments
	messages   *message.Messages
	sandbox    *sandbox.Sandbox
	webhooks   *webhook.Webhooks
	reminders  *reminder.Reminders
	waiting    *waitinglist.List
	transfers  *banktransfer.Transfers
	acme       business.Business
	token      string
	url        string
	handler    http.Handler // what the URL leads to
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	return newSiteWith(t, d, func(*api.Config) {})
}

// newSiteWith is newSite with another configuration.
func newSiteWith(t *testing.T, d *db.DB, change func(*api.Config)) *site {
	t.Helper()
	return newSiteFor(t, d, change)
}

// newSiteFor is newSiteWith for benchmarks and fuzzers too.
func newSiteFor(t testing.TB, d *db.DB, change func(*api.Config)) *site {
	t.Helper()
	all := systemtest.New(t, d, func(o *system.Options) { o.Limits, o.MailGateway, o.PrivateWebhooks = false, nowhere{}, true })
	s := &site{
		t: t, d: d, accounts: all.Accounts, businesses: all.Businesses, links: all.Links, payments: all.Payments, messages: all.Messages,
		sandbox: all.Sandbox, webhooks: all.Webhooks, reminders: all.Reminders, waiting: all.Waiting, transfers: all.Transfers, acme: businesstest.Make(t, d, "acme"),
	}
	s.token = s.tokenOf(s.acme, account.All)
	config := api.Config{
		Addresses: all.Addresses, TestClock: testclock.New(d, all.Due), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	change(&config)
	s.handler = all.API(config)
	server := httptest.NewServer(apitest.Checked(t, s.handler))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// nowhere takes every letter.
type nowhere struct{}

func (nowhere) Send(context.Context, email.Mail) error { return nil }

func (s *site) tokenOf(b business.Business, scopes ...account.Scope) string {
	s.t.Helper()
	_, plain, err := s.accounts.CreateToken(s.t.Context(), b.ID, "test", scopes)
	if err != nil {
		s.t.Fatal(err)
	}
	return plain
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	text string
	json map[string]any
}

// ask sends a request by the token of the site; header overrides.
func (s *site) ask(method, path, body string, header ...string) reply {
	s.t.Helper()
	if !strings.HasPrefix(path, "/api") {
		path = "/api/v1" + path
	}
	q, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(q)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	r := reply{Response: response, text: string(text)}
	if strings.Contains(response.Header.Get("Content-Type"), "json") {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&r.json); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return r
}

// must is ask for what has to be answered with the status.
func (s *site) must(status int, method, path, body string, header ...string) reply {
	s.t.Helper()
	r := s.ask(method, path, body, header...)
	if r.StatusCode != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", method, path, r.StatusCode, status, r.text)
	}
	return r
}

// at is the value behind the path of keys, as JSON.
func (r reply) at(path string) string {
	var v any = r.json
	for _, key := range strings.Split(path, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return "nothing"
		}
		if v, ok = object[key]; !ok {
			return "nothing"
		}
	}
	text, _ := json.Marshal(v)
	return strings.Trim(string(text), `"`)
}

// locations are where the problem says that something is wrong.
func (r reply) locations() []string {
	var all []string
	mistakes, _ := r.json["errors"].([]any)
	for _, m := range mistakes {
		all = append(all, m.(map[string]any)["location"].(string))
	}
	return all
}

func (s *site) count(table string) (n int) {
	s.t.Helper()
	if err := s.d.Get(s.t.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil {
		s.t.Fatal(err)
	}
	return n
}

const early = `{"name": "Early Bird", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"},
	"description": "d", "notes": "n", "path": "early-bird", "tags": ["Summer 2025"], "limit": {"kind": "multiple", "max": 50},
	"reference": "INV-7", "payer_amount": null, "show_remaining": true, "starts_at": null, "ends_at": null,
	"after_payment": {"redirect_url": "https://example.com/thanks"}}`
