package public_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/ui/i18n"
)

// site is the payers' pages of one business, served over HTTP.
type site struct {
	t          testing.TB
	d          *db.DB
	businesses *business.Businesses
	links      *link.Links
	products   *product.Products
	customers  *customer.Customers
	deliveries *delivery.Deliveries
	business   business.Business
	url        string
	handler    http.Handler // what the URL leads to
	client     *http.Client
	closed     atomic.Bool
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
	s := &site{t: t, d: d, businesses: businesstest.New(t, d), products: product.New(d, picture.NewDecoder()), client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	s.links = link.New(d, tag.New(d), s.products)
	s.business = businesstest.Make(t, d, "acme")
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
	g, err := guard.New(guard.Config{PublicURL: address, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Clock: d.Clock(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	box := sandbox.New(d, []byte("a secret of the tests"), address.String(), server.Client(), log)
	t.Cleanup(box.Close)
	s.customers = customer.New(d, tag.New(d))
	s.deliveries = delivery.New(delivery.Config{
		DB: d, Queue: jobtest.New(t, d), Businesses: s.businesses, Links: s.links, Customers: s.customers, PublicURL: address.String(),
		Messages: message.New(message.Config{
			DB: d, Businesses: s.businesses, Sealer: businesstest.Sealer(t), Log: log, PublicURL: address.String(),
			Gateway: &email.SMTP{}, // nothing is brought on its way here
		}),
	})
	payments := payment.New(payment.Config{
		DB: d, Queue: jobtest.New(t, d), Links: s.links, Businesses: s.businesses, Customers: s.customers, Providers: map[string]payment.Provider{sandbox.Name: box},
		PublicURL: address.String(), HookURL: server.URL, Log: log,
	})
	config := public.Config{
		Closed: s.closed.Load, DB: d, Businesses: s.businesses, Links: s.links, Products: s.products, Payments: payments, Sandbox: box,
		Visits: recorder, Deliveries: s.deliveries, Messages: s.deliveries.Messages, Texts: texts, PublicURL: address, Log: log,
	}
	change(&config)
	p := public.New(config)
	t.Cleanup(p.Close)
	s.handler = p.Handler(g)
	server.Config.Handler = s.handler
	s.url = server.URL
	return s
}

func (s *site) mustLink(draft link.Draft) link.Link {
	s.t.Helper()
	if draft.Type != link.Product && draft.Amount == nil {
		draft.Amount = eur(8900)
	}
	l, err := s.links.Create(s.t.Context(), s.business, draft)
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

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
