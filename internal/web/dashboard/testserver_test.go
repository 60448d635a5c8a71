package dashboard_test

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
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/testclock"
	"smartlinks/internal/web/dashboard"
	publicweb "smartlinks/internal/web/public"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/web/ui/i18n"
)

const password = "correct horse battery"

// site is a dashboard on real services, over HTTP.
type site struct {
	*httptest.Server
	*system.System
	Stripe    *stripetest.Server
	SMS       *smstest.Server // every gateway
	Dashboard *dashboard.Dashboard
}

func newSite(t testing.TB, d *db.DB) *site { return newSiteWith(t, d, "") }

// newSiteWith is newSite, where setting up takes the code.
func newSiteWith(t testing.TB, d *db.DB, setupCode string) *site {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(http.NewCrossOriginProtection().Handler(mux))
	public, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Server: server, Stripe: stripetest.New(d.Clock().Wall), SMS: smstest.New(t)}
	t.Cleanup(s.Stripe.Close)
	s.Stripe.Account("sk_test_acme1234", "acct_acme", "Acme at Stripe")
	s.System = systemtest.New(t, d, func(o *system.Options) {
		o.SMSBases = sms.Bases{Bird: s.SMS.URL, MessageBird: s.SMS.URL, Twilio: s.SMS.URL}
		o.PublicURL, o.StripeAPI, o.PrivateWebhooks, o.PasswordCost = public, s.Stripe.URL, true, account.Cost{MemoryKiB: 64, Passes: 1}
	})
	passkeys, err := account.NewPasskeys(s.Accounts, &url.URL{Scheme: "http", Host: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	payers := publicweb.New(publicweb.Config{
		DB: d, Businesses: s.Businesses, Links: s.Links, Products: s.Products, Payments: s.Payments, Sandbox: s.Sandbox, Messages: s.Messages, Deliveries: s.Deliveries,
		Texts: texts, PublicURL: public, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	t.Cleanup(payers.Close)
	s.Dashboard = dashboard.New(dashboard.Config{
		PreviewPage: payers.Preview,
		DB:          d, Accounts: s.Accounts, Businesses: s.Businesses, Links: s.Links, Products: s.Products, Payments: s.Payments, Customers: s.Customers, Tags: s.Tags,
		Messages: s.Messages, Deliveries: s.Deliveries, Reminders: s.Reminders, Webhooks: s.Webhooks, Imports: s.Imports, TestClock: testclock.New(d, s.Due), Keys: s.Keys, Sandbox: true, TwoStep: s.TwoStep, Passkeys: passkeys, SetupCode: setupCode,
		PublicURL: public, ClientIP: func(r *http.Request) string { host, _, _ := net.SplitHostPort(r.RemoteAddr); return host },
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	mux.Handle("GET /static/", ui.Static())
	mux.Handle("GET /brand/", ui.Brand())
	mux.Handle("/", s.Dashboard.Handler())
	t.Cleanup(func() {
		s.Dashboard.Close()
		s.Close()
	})
	return s
}

// mails takes what was sent since the last time out of the mailbox.
func (s *site) mails(t testing.TB) []mailbox.Message {
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

// mailed is the path that the only mail leads to, which goes to the address.
func (s *site) mailed(t testing.TB, to string) string {
	t.Helper()
	all := s.mails(t)
	if len(all) != 1 || !strings.Contains(all[0].To, to) || len(all[0].Links()) == 0 {
		t.Fatalf("%d mails, want one with a link to %s: %+v", len(all), to, all)
	}
	path, ours := strings.CutPrefix(all[0].Links()[0], s.URL)
	if !ours {
		t.Fatalf("the mail leads to %s", all[0].Links()[0])
	}
	return path
}

// exec changes the database past everything, for what a test can't wait for.
func (s *site) exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	err := s.DB.InTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// business makes a business and its owner, who signs in with password.
func (s *site) business(t testing.TB, handle, email string) business.Business {
	t.Helper()
	ctx := context.Background()
	b, err := s.Businesses.Create(ctx, business.Draft{Name: "Studio " + handle, Handle: handle, TimeZone: "Europe/Amsterdam", BrandColor: "#0E5A5C"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts.CreateOwner(ctx, b.ID, account.OwnerDraft{Name: "Marit de Boer", Email: email, Password: password}); err != nil {
		t.Fatal(err)
	}
	return b
}

// browser is somebody at the dashboard: it keeps cookies and follows nothing.
type browser struct {
	*http.Client
	base string
	t    testing.TB
}

func (s *site) browser(t testing.TB) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{base: s.URL, t: t, Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signedIn is a browser of the person with this address.
func (s *site) signedIn(t testing.TB, email string) *browser {
	t.Helper()
	b := s.browser(t)
	got := b.post("/sign-in", url.Values{"email": {email}, "password": {password}})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("signing in as %s: %d %s", email, got.Status, got.Said())
	}
	return b
}

// answer is what came back.
type answer struct {
	Status   int
	Location string
	Body     string
	Header   http.Header
}

// Has tells whether the page says each of the texts.
func (a answer) Has(texts ...string) bool {
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			return false
		}
	}
	return true
}

// Said is the text of the page that matters in a failed test.
func (a answer) Said() string {
	_, text, _ := strings.Cut(a.Body, "<main")
	return text[:min(len(text), 2000)]
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// do sends the request; a page that takes ten seconds never comes.
func (b *browser) do(r *http.Request) answer {
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
	return answer{Status: got.StatusCode, Location: got.Header.Get("Location"), Body: string(body), Header: got.Header}
}
