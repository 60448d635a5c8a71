// Package paymenttest makes installations whose payments tests watch, on both databases, and
// third parties as providers.
package paymenttest

import (
	"bytes"
	"context"
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
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/manual"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/statement"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
)

// Part is an amount in euro that goes back.
func Part(minor int64) *money.Amount { a := Eur(minor); return &a }

// World is an installation with one business, and the sandbox as a third party
// that reports over HTTP.
type World struct {
	T          testing.TB
	DB         *db.DB
	Business   business.Business
	Links      *link.Links
	Products   *product.Products
	Customers  *customer.Customers
	Payments   *payment.Payments
	Coupons    *coupon.Coupons
	Sandbox    *sandbox.Sandbox
	Transfers  *banktransfer.Transfers // of a broken world
	Statements *statement.Statements   // of the simulator
	Queue      *job.Queue
	Moved      time.Duration
	Payers     atomic.Int64
	Hearing    sync.Mutex
	Heard      []heard // webhooks that came
}

// Settle waits for the reports that the sandbox is sending.
func (w *World) Settle() {
	w.T.Helper()
	if err := w.Queue.Settled(context.WithoutCancel(w.T.Context())); err != nil {
		w.T.Fatal(err)
	}
}

// SandboxSecret is what the sandbox signs its webhooks with.
var SandboxSecret = bytes.Repeat([]byte{3}, 32)

// heard is a webhook as it came.
type heard struct {
	Header http.Header
	Body   []byte
}

// MustWorld makes a world. change may put something between us and the sandbox,
// or change the configuration in another way.
func MustWorld(tb testing.TB, d *db.DB, change ...func(*payment.Config, *sandbox.Sandbox)) *World {
	tb.Helper()
	w := &World{T: tb, DB: d, Products: product.New(d, picture.NewDecoder()), Customers: customer.New(d, tag.New(d)), Queue: jobtest.New(tb, d)}
	w.Links, w.Coupons = link.New(d, tag.New(d), w.Products), coupon.New(d)
	w.Business = businesstest.Make(tb, d, "acme")
	server := httptest.NewServer(http.HandlerFunc(w.hook))
	w.Sandbox = sandbox.New(d, w.Queue, SandboxSecret, addresstest.Book(), server.Client(), slog.New(slog.DiscardHandler))
	tb.Cleanup(server.Close)
	c := payment.Config{
		DB: d, Queue: w.Queue, Links: w.Links, Businesses: businesstest.New(tb, d), Customers: w.Customers, Coupons: w.Coupons, Providers: map[string]provider.Provider{business.Sandbox: w.Sandbox, payment.Manual: manual.Hand{}, payment.None: manual.Hand{}},
		Effects:   []payment.Effect{{Name: "count", Do: visit.CountPayments}},
		Reactions: []payment.Reaction{{Name: "count", Do: visit.CountMovement}},
		Addresses: addresstest.Book(), HookURL: server.URL, Limits: true, SourceKey: []byte("a key of the tests"), Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&c, w.Sandbox)
	}
	w.Payments = payment.New(c)
	return w
}

// hook answers webhooks as the web room does.
func (w *World) hook(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	w.Hearing.Lock()
	w.Heard = append(w.Heard, heard{r.Header.Clone(), body})
	w.Hearing.Unlock()
	if err == nil {
		err = w.Payments.ReceiveWebhook(r.Context(), w.Business, business.Sandbox, r.Header, body)
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

// HooksHeard are the webhooks that came so far; one may be coming right now.
func (w *World) HooksHeard() []heard {
	w.Hearing.Lock()
	defer w.Hearing.Unlock()
	return slices.Clone(w.Heard)
}

// Eur is an amount in euro, of minor units.
func Eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// Pass moves the application's clock and does what fell due.
func (w *World) Pass(by time.Duration) {
	w.T.Helper()
	w.Moved += by
	w.DB.Clock().SetOffset(w.Moved)
	w.Sweep()
}

// Sweep does what fell due.
func (w *World) Sweep() {
	w.T.Helper()
	if _, err := w.Payments.SweepDue(w.T.Context()); err != nil {
		w.T.Fatal(err)
	}
}
