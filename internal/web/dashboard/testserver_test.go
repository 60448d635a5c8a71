package dashboard_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/payment/stripe"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/product"
	"smartlinks/internal/reminder"
	"smartlinks/internal/secret"
	"smartlinks/internal/tag"
	"smartlinks/internal/testclock"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/web/ui/i18n"
	"smartlinks/internal/webhook"
)

const password = "correct horse battery"

// site is a dashboard on real services, over HTTP.
type site struct {
	*httptest.Server
	DB         *db.DB
	Accounts   *account.Accounts
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Tags       *tag.Tags
	Customers  *customer.Customers
	Messages   *message.Messages
	Deliveries *delivery.Deliveries
	Reminders  *reminder.Reminders
	Webhooks   *webhook.Webhooks
	Imports    *importer.Imports
	Stripe     *stripetest.Server
	Keys       *keyring.Ring
	Mailbox    *mailbox.Mailbox
	Payments   *payment.Payments
	Sandbox    *sandbox.Sandbox
	Dashboard  *dashboard.Dashboard
}

func newSite(t testing.TB, d *db.DB) *site { return newSiteWith(t, d, "") }

// newSiteWith is newSite, where setting up takes the code.
func newSiteWith(t testing.TB, d *db.DB, setupCode string) *site {
	t.Helper()
	sealer, err := secret.NewSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{DB: d, Businesses: business.New(d, sealer, business.Sandbox), Accounts: account.NewWithCost(d, rand.Reader, true, account.Cost{MemoryKiB: 64, Passes: 1}), Products: product.New(d), Tags: tag.New(d)}
	s.Customers = customer.New(d, s.Tags)
	s.Links = link.New(d, s.Tags, s.Products)
	s.Customers.OnMerge(s.Links.MoveCustomer)
	s.Customers.OnDelete(s.Links.DropCustomer)
	s.payments(t)
	mux := http.NewServeMux()
	s.Server = httptest.NewServer(http.NewCrossOriginProtection().Handler(mux))
	public, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.mail(t, sealer)
	passkeys, err := account.NewPasskeys(s.Accounts, &url.URL{Scheme: "http", Host: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	s.Deliveries = delivery.New(delivery.Config{
		DB: d, Businesses: s.Businesses, Links: s.Links, Customers: s.Customers, Messages: s.Messages, PublicURL: s.URL,
	})
	s.Reminders = reminder.New(reminder.Config{
		DB: d, Businesses: s.Businesses, Links: s.Links, Customers: s.Customers, Deliveries: s.Deliveries, Messages: s.Messages,
	})
	s.Webhooks = webhook.New(webhook.Config{
		DB: d, Businesses: s.Businesses, Messages: s.Messages, Sealer: sealer, PublicURL: s.URL, AllowPrivate: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	t.Cleanup(func() { s.Webhooks.Close(context.Background()) })
	s.Imports = importer.New(importer.Config{DB: d, Businesses: s.Businesses, Customers: s.Customers, Links: s.Links, Products: s.Products})
	s.Dashboard = dashboard.New(dashboard.Config{
		DB: d, Accounts: s.Accounts, Businesses: s.Businesses, Links: s.Links, Products: s.Products, Payments: s.Payments, Customers: s.Customers, Tags: s.Tags,
		Messages: s.Messages, Deliveries: s.Deliveries, Reminders: s.Reminders, Webhooks: s.Webhooks, Imports: s.Imports, TestClock: testclock.New(d, s.due), Keys: s.keys(t, sealer), Sandbox: true, TwoStep: account.NewTwoStep(s.Accounts, sealer), Passkeys: passkeys, SetupCode: setupCode,
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

// payments are taken by the sandbox, whose webhooks go nowhere.
func (s *site) payments(t testing.TB) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s.Sandbox = sandbox.New(s.DB, []byte("a secret of the tests"), "https://pay.example", http.DefaultClient, log)
	t.Cleanup(s.Sandbox.Close)
	s.Payments = payment.New(payment.Config{
		DB: s.DB, Links: s.Links, Businesses: s.Businesses, Customers: s.Customers, Log: log,
		Providers: map[string]payment.Provider{business.Sandbox: s.Sandbox}, PublicURL: "https://pay.example", HookURL: "http://127.0.0.1:1",
		Effects:   []payment.Effect{{Name: "count", Do: visit.CountPayment}},
		Reactions: []payment.Reaction{{Name: "count", Do: visit.CountMovement}},
	})
}

// mail brings all mail to the mailbox.
func (s *site) mail(t testing.TB, sealer *secret.Sealer) {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s.Mailbox = mailbox.New(s.DB)
	s.Messages = message.New(message.Config{
		DB: s.DB, Businesses: s.Businesses, Sealer: sealer, Gateway: s.Mailbox, SMS: message.SMSGateway{Box: s.Mailbox}, PublicURL: s.URL, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		From:  netmail.Address{Address: "no-reply@pay.example"},
		Texts: func(language string) message.Texts { return texts.For(language) },
		Brand: func(color string) message.Palette { return message.Palette(ui.LetterBrand(color)) },
	})
	t.Cleanup(func() { s.Messages.Close(context.Background()) })
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

// keys are the keyring, with a stand-in for Stripe.
func (s *site) keys(t testing.TB, sealer *secret.Sealer) *keyring.Ring {
	s.Stripe = stripetest.New(s.DB.Clock().Wall)
	t.Cleanup(s.Stripe.Close)
	s.Stripe.Account("sk_test_acme1234", "acct_acme", "Acme at Stripe")
	s.Keys = keyring.New(s.DB, sealer, s.Businesses, "https://pay.example", true)
	s.Keys.Open(map[string]keyring.Gate{stripe.Name: stripe.New(s.Keys, s.Stripe.URL, s.DB.Clock(), nil)})
	return s.Keys
}

// due does what fell due of reminders and mails.
func (s *site) due(ctx context.Context) error {
	if _, err := s.Reminders.SendDue(ctx); err != nil {
		return err
	}
	return s.Messages.SendDue(ctx)
}
