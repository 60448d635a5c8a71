package dashboardtest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/i18n"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/testclock"
	"smartlinks/internal/web/api"
	"smartlinks/internal/web/dashboard"
	"smartlinks/internal/web/mcp"
	"smartlinks/internal/web/oauth"
	publicweb "smartlinks/internal/web/public"
	"smartlinks/internal/web/ui"
)

const Password = "correct horse battery"

// Site is a dashboard on real services, over HTTP.
type Site struct {
	*httptest.Server
	*system.System
	Stripe    *stripetest.Server
	SMS       *smstest.Server // every gateway
	Dashboard *dashboard.Dashboard
}

func New(t testing.TB, d *db.DB) *Site { return NewWithSetupCode(t, d, "") }

// NewWithSetupCode is newSite, where setting up takes the code.
func NewWithSetupCode(t testing.TB, d *db.DB, setupCode string) *Site {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(http.NewCrossOriginProtection().Handler(mux))
	addresses := addresstest.At(server.URL)
	s := &Site{Server: server, Stripe: stripetest.New(d.Clock().Wall), SMS: smstest.New(t)}
	t.Cleanup(s.Stripe.Close)
	s.Stripe.Account("sk_test_acme1234", "acct_acme", "Acme at Stripe")
	s.System = systemtest.New(t, d, func(o *system.Options) {
		o.SMSBases = sms.Bases{Bird: s.SMS.URL, MessageBird: s.SMS.URL, Twilio: s.SMS.URL}
		o.Addresses, o.StripeAPI, o.PrivateWebhooks, o.PasswordCost = addresses, s.Stripe.URL, true, account.Cost{MemoryKiB: 64, Passes: 1}
	})
	passkeys, err := account.NewPasskeys(s.Accounts, addresstest.At("http://localhost"))
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	payers := publicweb.New(publicweb.Config{
		DB: d, Businesses: s.Businesses, Links: s.Links, Products: s.Products, Coupons: s.Coupons, Payments: s.Payments, Sandbox: s.Sandbox, Messages: s.Messages, Deliveries: s.Deliveries,
		Domains: s.Domains, Catalogue: texts, Addresses: s.Addresses, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	t.Cleanup(payers.Close)
	s.Dashboard = dashboard.New(dashboard.Config{
		PreviewPage: payers.Preview,
		DB:          d, Audit: s.Audit, Accounts: s.Accounts, Businesses: s.Businesses, Links: s.Links, Products: s.Products, Coupons: s.Coupons, Payments: s.Payments, Receipts: s.Receipts, Customers: s.Customers, Tags: s.Tags,
		Messages: s.Messages, Deliveries: s.Deliveries, Reminders: s.Reminders, Publish: s.Publish, Share: s.Share, Statements: s.Statements, Webhooks: s.Webhooks, Imports: s.Imports, Domains: s.Domains, Grants: s.Grants, Waiting: s.Waiting, Alerts: s.Alerts, Recovery: s.Recovery, Requests: s.Requests, TestClock: testclock.New(d, s.Due), Keys: s.Keys, Transfers: s.Transfers, Sandbox: true, TwoStep: s.TwoStep, Passkeys: passkeys, SetupCode: setupCode,
		Saved:     s.Saved,
		Sealer:    s.Sealer,
		Bounces:   s.Bounces,
		Addresses: s.Addresses, ClientIP: func(r *http.Request) string { host, _, _ := net.SplitHostPort(r.RemoteAddr); return host },
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	mux.Handle("GET /static/", ui.Static())
	mux.Handle("GET /brand/", ui.Brand())
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	for _, pattern := range oauth.Routes() {
		mux.Handle(pattern, s.OAuth(oauth.Config{Addresses: addresses, Limits: true, Log: log}))
	}
	mux.Handle(mcp.Path, s.Assistants(mcp.Config{API: s.API(api.Config{Addresses: addresses, Log: log}), Addresses: addresses, Version: "test", Log: log}))
	mux.Handle("/", s.Dashboard.Handler())
	t.Cleanup(func() {
		s.Dashboard.Close()
		s.Close()
	})
	return s
}

// Mails takes what was sent since the last time out of the mailbox.
func (s *Site) Mails(t testing.TB) []mailbox.Message {
	t.Helper()
	ctx := context.Background()
	if err := s.Messages.SendDue(ctx); err != nil {
		t.Fatal(err)
	}
	all, err := s.Mailbox.List(ctx, mailbox.Filter{Limit: 50})
	if err == nil {
		err = s.DB.InTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM mailbox`)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Mailed is the path that the only mail leads to, which goes to the address.
func (s *Site) Mailed(t testing.TB, to string) string {
	t.Helper()
	all := s.Mails(t)
	if len(all) != 1 || !strings.Contains(all[0].To, to) || len(all[0].Links()) == 0 {
		t.Fatalf("%d mails, want one with a link to %s: %+v", len(all), to, all)
	}
	path, ours := strings.CutPrefix(all[0].Links()[0], s.URL)
	if !ours {
		t.Fatalf("the mail leads to %s", all[0].Links()[0])
	}
	return path
}

// Exec changes the database past everything, for what a test can't wait for.
func (s *Site) Exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	err := s.DB.InTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Business makes a business and its owner, who signs in with password.
func (s *Site) Business(t testing.TB, handle, email string) business.Business {
	t.Helper()
	ctx := context.Background()
	b, err := s.Businesses.Create(ctx, business.Draft{Name: "Studio " + handle, Handle: handle, TimeZone: "Europe/Amsterdam", BrandColor: "#0E5A5C"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts.CreateOwner(ctx, b.ID, account.OwnerDraft{Name: "Marit de Boer", Email: email, Password: Password}); err != nil {
		t.Fatal(err)
	}
	return b
}

// Browser is somebody at the dashboard: it keeps cookies and follows nothing.
type Browser struct {
	*http.Client
	base string
	t    testing.TB
}

func (s *Site) Browser(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{base: s.URL, t: t, Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// SignedIn is a browser of the person with this address.
func (s *Site) SignedIn(t testing.TB, email string) *Browser {
	t.Helper()
	b := s.Browser(t)
	got := b.Post("/sign-in", url.Values{"email": {email}, "password": {Password}})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("signing in as %s: %d %s", email, got.Status, got.Said())
	}
	return b
}

// Answer is what came back.
type Answer struct {
	Status   int
	Location string
	Body     string
	Header   http.Header
}

// Has tells whether the page says each of the texts.
func (a Answer) Has(texts ...string) bool {
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			return false
		}
	}
	return true
}

// Said is the text of the page that matters in a failed test.
func (a Answer) Said() string {
	_, text, _ := strings.Cut(a.Body, "<main")
	return text[:min(len(text), 2000)]
}

func (b *Browser) Get(path string) Answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.Send(r)
}

// GetIn is Get by a browser that prefers these languages, as the header Accept-Language has them.
func (b *Browser) GetIn(languages, path string) Answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", languages)
	return b.Send(r)
}

func (b *Browser) Post(path string, form url.Values) Answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Send(r)
}

// Submit posts a form and opens the page to which it leads, as browsers do.
func (b *Browser) Submit(path string, form url.Values) Answer {
	b.t.Helper()
	got := b.Post(path, form)
	if got.Status != http.StatusSeeOther {
		return got
	}
	to, _, _ := strings.Cut(got.Location, "#")
	return b.Get(to)
}

// Send sends the request; a page that takes ten seconds never comes.
func (b *Browser) Send(r *http.Request) Answer {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	got, err := b.Do(r.WithContext(ctx))
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Answer{Status: got.StatusCode, Location: got.Header.Get("Location"), Body: string(body), Header: got.Header}
}
