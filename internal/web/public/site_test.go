package public_test

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

// site is the payers' pages of one business, served over HTTP.
type site struct {
	t          testing.TB
	d          *db.DB
	businesses *business.Businesses
	links      *link.Links
	products   *product.Products
	customers  *customer.Customers
	coupons    *coupon.Coupons
	deliveries *delivery.Deliveries
	payments   *payment.Payments
	settleDue  func(context.Context) error
	business   business.Business
	url        string
	handler    http.Handler // what the URL leads to
	client     *http.Client
	closed     atomic.Bool
	domains    *domain.Domains
	dns        *domaintest.Zone
	transfers  *banktransfer.Transfers
	recovery   *recovery.Recoveries
	sandbox    *sandbox.Sandbox
}

// mustSite serves a business with the handle acme. scheme is that of the public
// URL, which decides about cookies.
func mustSite(t testing.TB, d *db.DB, scheme string) *site {
	t.Helper()
	return mustSiteWith(t, d, scheme, func(*public.Config) {})
}

// mustSiteWith is mustSite with another configuration.
func mustSiteWith(t testing.TB, d *db.DB, scheme string, change func(*public.Config)) *site {
	t.Helper()
	s := &site{t: t, d: d, business: businesstest.Make(t, d, "acme"), client: &http.Client{
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
	s.transfers, s.recovery, s.sandbox = all.Transfers, all.Recovery, all.Sandbox
	s.businesses, s.links, s.products, s.customers, s.deliveries = all.Businesses, all.Links, all.Products, all.Customers, all.Deliveries
	s.coupons = all.Coupons
	s.payments, s.settleDue = all.Payments, all.Settle
	config := public.Config{
		Closed: s.closed.Load, DB: d, Businesses: all.Businesses, Links: all.Links, Products: all.Products, Coupons: all.Coupons, Payments: all.Payments, Receipts: all.Receipts, Sandbox: all.Sandbox, Transfers: all.Transfers,
		Visits: recorder, Waiting: all.Waiting, Recovery: all.Recovery, Deliveries: all.Deliveries, Messages: all.Messages, Domains: all.Domains, Catalogue: texts, Addresses: all.Addresses, Log: log,
		Bounces: all.Bounces,
	}
	change(&config)
	p := public.New(config)
	t.Cleanup(p.Close)
	s.domains, s.dns = all.Domains, all.Domains.Resolver.(*domaintest.Zone)
	s.handler = p.Handler(g)
	s.handler = host.Handler(host.Config{Addresses: addresses, Find: all.Domains.Directory.Find, Installation: s.handler, Domain: s.handler})
	server.Config.Handler = s.handler
	s.url = server.URL
	return s
}

// letPayersChoose switches on that payers may choose amounts.
func (s *site) letPayersChoose() {
	s.t.Helper()
	page := s.business.Page
	page.PayerAmount = true
	b, err := s.businesses.Update(s.t.Context(), s.business.ID, 0, business.Patch{Page: &page})
	if err != nil {
		s.t.Fatal(err)
	}
	s.business = b
}

// mustLink makes a link that is on and says how much remains, but for what more does.
func (s *site) mustLink(draft link.Fields, more ...func(*link.Fields)) link.Link {
	s.t.Helper()
	draft.Active, draft.ShowRemaining = true, true
	for _, do := range more {
		do(&draft)
	}
	if draft.Type != link.Product && draft.Amount == nil {
		draft.Amount = eur(8900)
	}
	l, err := s.links.Create(s.t.Context(), s.business, draft)
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

func off(f *link.Fields) { f.Active = false }

func quiet(f *link.Fields) { f.ShowRemaining = false }

func eur(minor int64) *money.Amount { return &money.Amount{Minor: minor, Currency: "EUR"} }

// page is an answer with its body read.
type page struct {
	*http.Response
	body string
}

func (p page) has(words string) bool { return strings.Contains(p.body, words) }

// ask sends a request; a form makes it a POST of that form.
func (s *site) ask(method, path string, form url.Values, header ...string) page {
	s.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	if err != nil {
		s.t.Fatal(err)
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
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return page{answer, string(text)}
}

func (s *site) get(path string, header ...string) page {
	s.t.Helper()
	return s.ask(http.MethodGet, path, nil, header...)
}

func (s *site) post(path string, form url.Values, header ...string) page {
	s.t.Helper()
	return s.ask(http.MethodPost, path, form, header...)
}

// payer is a form that is filled in well.
func payer() url.Values {
	return url.Values{"name": {"Jonas Lindqvist"}, "email": {"jonas@example.se"}}
}

// views counts what is recorded for a target.
func (s *site) views(target string) int {
	s.t.Helper()
	var n int
	if err := s.d.Get(s.t.Context(), &n, `SELECT COUNT(*) FROM views WHERE link_id = $1`, target); err != nil {
		s.t.Fatal(err)
	}
	return n
}
