// Package publictest serves the payers' pages of one business over HTTP, with all that they
// need, and reads them as payers do.
package publictest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/domain"
	"smartlinks/internal/domain/domaintest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/message/email"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/recovery"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/host"
	"smartlinks/internal/web/public"
)

// Site is the payers' pages of one business, served over HTTP.
type Site struct {
	T          testing.TB
	DB         *db.DB
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Customers  *customer.Customers
	Coupons    *coupon.Coupons
	Deliveries *delivery.Deliveries
	Payments   *payment.Payments
	SettleDue  func(context.Context) error
	Business   business.Business
	URL        string
	Handler    http.Handler // what the URL leads to
	Client     *http.Client
	Closed     atomic.Bool
	Domains    *domain.Domains
	DNS        *domaintest.Zone
	transfers  *banktransfer.Transfers
	Recovery   *recovery.Recoveries
	Sandbox    *sandbox.Sandbox
}

// MustSite serves a business with the handle acme. scheme is that of the public
// URL, which decides about cookies.
func MustSite(t testing.TB, d *db.DB, scheme string) *Site {
	t.Helper()
	return MustSiteWith(t, d, scheme, func(*public.Config) {})
}

// MustSiteWith is mustSite with another configuration.
func MustSiteWith(t testing.TB, d *db.DB, scheme string, change func(*public.Config)) *Site {
	t.Helper()
	s := &Site{T: t, DB: d, Business: businesstest.Make(t, d, "acme"), Client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	recorder, err := visit.NewRecorder(t.Context(), d, "", log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(recorder.Close)
	server := httptest.NewUnstartedServer(nil)
	server.Start()
	t.Cleanup(server.Close)
	address, _ := url.Parse(server.URL)
	address.Scheme = scheme
	addresses := addresstest.At(address.String())
	g, err := guard.New(guard.Config{Addresses: addresses, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Clock: d.Clock(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	all := systemtest.New(t, d, func(o *system.Options) {
		o.Limits, o.Addresses, o.HookURL = false, addresses, server.URL
		o.MailGateway = &email.SMTP{} // nothing is brought on its way here
	})
	s.transfers, s.Recovery, s.Sandbox = all.Transfers, all.Recovery, all.Sandbox
	s.Businesses, s.Links, s.Products, s.Customers, s.Deliveries = all.Businesses, all.Links, all.Products, all.Customers, all.Deliveries
	s.Coupons = all.Coupons
	s.Payments, s.SettleDue = all.Payments, all.Settle
	config := public.Config{
		Closed: s.Closed.Load, DB: d, Businesses: all.Businesses, Links: all.Links, Products: all.Products, Coupons: all.Coupons, Payments: all.Payments, Receipts: all.Receipts, Sandbox: all.Sandbox, Transfers: all.Transfers,
		Visits: recorder, Waiting: all.Waiting, Recovery: all.Recovery, Deliveries: all.Deliveries, Messages: all.Messages, Domains: all.Domains, Catalogue: texts, Addresses: all.Addresses, Log: log,
		Bounces: all.Bounces,
	}
	change(&config)
	p := public.New(config)
	t.Cleanup(p.Close)
	s.Domains, s.DNS = all.Domains, all.Domains.Resolver.(*domaintest.Zone)
	s.Handler = p.Handler(g)
	s.Handler = host.Handler(host.Config{Addresses: addresses, Find: all.Domains.Directory.Find, Installation: s.Handler, Domain: s.Handler})
	server.Config.Handler = s.Handler
	s.URL = server.URL
	return s
}

// LetPayersChoose switches on that payers may choose amounts.
func (s *Site) LetPayersChoose() {
	s.T.Helper()
	page := s.Business.Page
	page.PayerAmount = true
	b, err := s.Businesses.Update(s.T.Context(), s.Business.ID, 0, business.Patch{Page: &page})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Business = b
}

// MustLink makes a link that is on and says how much remains, but for what more does.
func (s *Site) MustLink(draft link.Fields, more ...func(*link.Fields)) link.Link {
	s.T.Helper()
	draft.Active, draft.ShowRemaining = true, true
	for _, do := range more {
		do(&draft)
	}
	if draft.Type != link.Product && draft.Amount == nil {
		draft.Amount = EUR(8900)
	}
	l, err := s.Links.Create(s.T.Context(), s.Business, draft)
	if err != nil {
		s.T.Fatal(err)
	}
	return l
}

// Off makes a link that takes no payments.
func Off(f *link.Fields) { f.Active = false }

// Quiet makes a link that does not say what remains.
func Quiet(f *link.Fields) { f.ShowRemaining = false }

// EUR is an amount of euros, in cents.
func EUR(minor int64) *money.Amount { return &money.Amount{Minor: minor, Currency: "EUR"} }

// Page is an answer with its body read.
type Page struct {
	*http.Response
	Body string
}

// Has reports whether the page has these words, as HTML.
func (p Page) Has(words string) bool { return strings.Contains(p.Body, words) }

// Ask sends a request; a form makes it a POST of that form.
func (s *Site) Ask(method, path string, form url.Values, header ...string) Page {
	s.T.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(s.T.Context(), method, s.URL+path, body)
	if err != nil {
		s.T.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if name := r.Header.Get("Host"); name != "" {
		r.Host = name
	}
	answer, err := s.Client.Do(r)
	if err != nil {
		s.T.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return Page{answer, string(text)}
}

// Get opens a page.
func (s *Site) Get(path string, header ...string) Page {
	s.T.Helper()
	return s.Ask(http.MethodGet, path, nil, header...)
}

// Post sends a form.
func (s *Site) Post(path string, form url.Values, header ...string) Page {
	s.T.Helper()
	return s.Ask(http.MethodPost, path, form, header...)
}

// Payer is a form that is filled in well.
func Payer() url.Values {
	return url.Values{"name": {"Jonas Lindqvist"}, "email": {"jonas@example.se"}}
}

// Views counts what is recorded for a target.
func (s *Site) Views(target string) int {
	s.T.Helper()
	var n int
	if err := s.DB.Get(s.T.Context(), &n, `SELECT COUNT(*) FROM views WHERE link_id = $1`, target); err != nil {
		s.T.Fatal(err)
	}
	return n
}
