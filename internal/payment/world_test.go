package payment_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/manual"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/statement"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
)

// world is an installation with one business, and the sandbox as a third party
// that reports over HTTP.
type world struct {
	t          testing.TB
	d          *db.DB
	business   business.Business
	links      *link.Links
	products   *product.Products
	customers  *customer.Customers
	payments   *payment.Payments
	coupons    *coupon.Coupons
	sandbox    *sandbox.Sandbox
	transfers  *banktransfer.Transfers // of a broken world
	statements *statement.Statements   // of the simulator
	queue      *job.Queue
	moved      time.Duration
	payers     atomic.Int64
	hearing    sync.Mutex
	heard      []heard // webhooks that came
}

// settle waits for the reports that the sandbox is sending.
func (w *world) settle() {
	w.t.Helper()
	if err := w.queue.Settled(context.WithoutCancel(w.t.Context())); err != nil {
		w.t.Fatal(err)
	}
}

// sandboxSecret is what the sandbox signs its webhooks with.
var sandboxSecret = bytes.Repeat([]byte{3}, 32)

// heard is a webhook as it came.
type heard struct {
	header http.Header
	body   []byte
}

// mustWorld makes a world. change may put something between us and the sandbox,
// or change the configuration in another way.
func mustWorld(tb testing.TB, d *db.DB, change ...func(*payment.Config, *sandbox.Sandbox)) *world {
	tb.Helper()
	w := &world{t: tb, d: d, products: product.New(d, picture.NewDecoder()), customers: customer.New(d, tag.New(d)), queue: jobtest.New(tb, d)}
	w.links, w.coupons = link.New(d, tag.New(d), w.products), coupon.New(d)
	w.business = businesstest.Make(tb, d, "acme")
	server := httptest.NewServer(http.HandlerFunc(w.hook))
	w.sandbox = sandbox.New(d, w.queue, sandboxSecret, addresstest.Book(), server.Client(), slog.New(slog.DiscardHandler))
	tb.Cleanup(server.Close)
	c := payment.Config{
		DB: d, Queue: w.queue, Links: w.links, Businesses: businesstest.New(tb, d), Customers: w.customers, Coupons: w.coupons, Providers: map[string]provider.Provider{business.Sandbox: w.sandbox, payment.Manual: manual.Hand{}, payment.None: manual.Hand{}},
		Effects:   []payment.Effect{{Name: "count", Do: visit.CountPayments}},
		Reactions: []payment.Reaction{{Name: "count", Do: visit.CountMovement}},
		Addresses: addresstest.Book(), HookURL: server.URL, Limits: true, SourceKey: []byte("a key of the tests"), Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&c, w.sandbox)
	}
	w.payments = payment.New(c)
	return w
}

// hook answers webhooks as the web room does.
func (w *world) hook(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	w.hearing.Lock()
	w.heard = append(w.heard, heard{r.Header.Clone(), body})
	w.hearing.Unlock()
	if err == nil {
		err = w.payments.ReceiveWebhook(r.Context(), w.business, business.Sandbox, r.Header, body)
	}
	switch {
	case err == nil:
		out.WriteHeader(http.StatusNoContent)
	case fault.Is(err, fault.NotFound):
		out.WriteHeader(http.StatusBadRequest)
	default:
		out.WriteHeader(http.StatusServiceUnavailable)
	}
}

// hooksHeard are the webhooks that came so far; one may be coming right now.
func (w *world) hooksHeard() []heard {
	w.hearing.Lock()
	defer w.hearing.Unlock()
	return slices.Clone(w.heard)
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// mustLink makes a link for €49.00; most 0 is unlimited.
func (w *world) mustLink(most int64) link.Link {
	w.t.Helper()
	amount := eur(4900)
	draft := link.Fields{Type: link.Amount, Name: fmt.Sprintf("Link %d", w.payers.Add(1)), Amount: &amount}
	if most > 0 {
		draft.Limit = link.Limit{Kind: link.Multiple, Max: most}
	}
	return w.create(draft)
}

// mustUnits makes a link for €49.00 each, of which a payment buys 1 to 10, and all of
// them together so many.
func (w *world) mustUnits(most int64) link.Link {
	w.t.Helper()
	amount := eur(4900)
	return w.create(link.Fields{
		Type: link.Amount, Name: fmt.Sprintf("Tickets %d", w.payers.Add(1)), Amount: &amount,
		Limit: link.Limit{Kind: link.Multiple, Max: most, Counts: link.Units}, Checkout: checkout.Rules{
			Quantity: &checkout.Quantity{Min: 1, Max: 10}, Tip: &checkout.Tip{Percent: []int64{5, 10}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25},
		},
	})
}

func (w *world) create(draft link.Fields) link.Link {
	w.t.Helper()
	draft.Active, draft.ShowRemaining = true, true
	l, err := w.links.Create(w.t.Context(), w.business, draft)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// ask is a stranger who wants to pay what the link asks.
func (w *world) ask(l link.Link) payment.StartRequest {
	n := w.payers.Add(1)
	return payment.StartRequest{
		Business: w.business, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
		Payer: attempt.Payer{Name: "Jonas Lindqvist", Email: fmt.Sprintf("payer%d@example.com", n), Language: "en"},
		Attribution: attempt.Attribution{Channel: "qr", VisitID: fmt.Sprintf("visit-%d", n),
			MaskedIP: fmt.Sprintf("10.%d.%d.xxx", n/250, n%250)},
	}
}

func (w *world) mustStart(r payment.StartRequest) attempt.Attempt {
	w.t.Helper()
	a, err := w.payments.Start(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// decide is what the payer does at the provider; no webhook comes of it.
func (w *world) decide(a attempt.Attempt, outcome sandbox.Outcome) {
	w.t.Helper()
	if _, err := w.sandbox.Decide(w.t.Context(), a.ProviderRef, outcome, sandbox.Lost); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) mustSync(a attempt.Attempt) history.View {
	w.t.Helper()
	if _, err := w.payments.Sync(w.t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
		w.t.Fatal(err)
	}
	return w.view(a)
}

func (w *world) view(a attempt.Attempt) history.View {
	w.t.Helper()
	v, err := w.payments.Get(w.t.Context(), a.BusinessID, a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// pass moves the application's clock and does what fell due.
func (w *world) pass(by time.Duration) {
	w.t.Helper()
	w.moved += by
	w.d.Clock().SetOffset(w.moved)
	w.sweep()
}

func (w *world) sweep() {
	w.t.Helper()
	if _, err := w.payments.SweepDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// slots are the link's in test mode.
func (w *world) slots(l link.Link) link.Slots {
	w.t.Helper()
	now, err := w.links.Get(w.t.Context(), w.business, l.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return now.Slots
}

// count runs a query for one number.
func (w *world) count(query string, arguments ...any) (n int64) {
	w.t.Helper()
	if err := w.d.Get(w.t.Context(), &n, query, arguments...); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// expect compares what an attempt became.
func (w *world) expect(a attempt.Attempt, state attempt.State, status history.Status) history.View {
	w.t.Helper()
	v := w.view(a)
	if v.State != state || v.Status() != status {
		w.t.Errorf("the attempt is %s (%s), not %s (%s); reason %q", v.State, v.Status(), state, status, v.Reason)
	}
	return v
}
