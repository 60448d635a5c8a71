// Package stripeshapes_test holds what we ask of Stripe to its published specification, as
// Stripe's own mock reads it.
package stripeshapes_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/offered"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/stripe"
)

// inspector is Stripe's own mock, which checks each request against Stripe's
// published specification and forgets it.
type inspector struct {
	*httptest.Server
	mu     sync.Mutex
	passed map[string]bool   // what was asked, and was as it should be
	wrong  map[string]string // what was not, and why
}

func newInspector(t *testing.T) *inspector {
	t.Helper()
	spec, err := server.LoadSpec(embedded.OpenAPISpec, "")
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := server.LoadFixtures(embedded.OpenAPIFixtures, "")
	if err != nil {
		t.Fatal(err)
	}
	mock, err := server.NewStubServer(fixtures, spec, false, false)
	if err != nil {
		t.Fatal(err)
	}
	i := &inspector{passed: map[string]bool{}, wrong: map[string]string{}}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { i.inspect(w, r, mock.HandleRequest) }))
	t.Cleanup(i.Close)
	return i
}

// anID is a path's part that names an object.
var anID = regexp.MustCompile(`/(cs|we)_[A-Za-z0-9_]+`)

// paidSession is what the mock can't know: a checkout that was paid, with a
// charge that is disputed, so that all that follows from it is asked for.
const paidSession = `{"id": "cs_test_paid", "object": "checkout.session", "status": "complete", "payment_status": "paid", "amount_total": 4900, "currency": "eur",
	"metadata": {"attempt": "pay_1"}, "payment_intent": {"id": "pi_paid", "object": "payment_intent", "status": "succeeded", "amount_received": 4900, "currency": "eur",
	"latest_charge": {"id": "ch_paid", "object": "charge", "disputed": true, "amount_captured": 4900, "currency": "eur", "created": 1}}}`

func (i *inspector) inspect(w http.ResponseWriter, r *http.Request, mock http.HandlerFunc) {
	asked := r.Method + " " + anID.ReplaceAllString(r.URL.Path, "/…")
	answer := httptest.NewRecorder()
	mock(answer, r)
	i.mu.Lock()
	defer i.mu.Unlock()
	if answer.Code != http.StatusOK {
		i.wrong[asked] = answer.Body.String()
	}
	i.passed[asked] = answer.Code == http.StatusOK
	maps.Copy(w.Header(), answer.Header())
	if asked == "GET /v1/checkout/sessions/…" && answer.Code == http.StatusOK {
		w.Header().Del("Content-Length")
		fmt.Fprint(w, paidSession)
		return
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// Every call that the room makes is one that Stripe's specification knows, with
// parameters that it has.
func TestStripeKnowsEveryRequestOfOurs(t *testing.T) {
	t.Parallel()
	stripeAPI := newInspector(t)
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	ring := keyring.New(d, businesstest.Sealer(t), businesstest.New(t, d), addresstest.Book(), true)
	s := stripe.New(ring, stripeAPI.URL, d.Clock(), nil)
	ring.Open(map[string]keyring.Gate{stripe.Name: s})
	if _, err := ring.Connect(t.Context(), b.ID, stripe.Name, keyring.Connection{Key: "sk_test_123"}); err != nil {
		t.Fatal(err)
	}
	at, eur := provider.Account{Business: b.ID, Mode: business.Test}, money.Amount{Minor: 4900, Currency: "EUR"}
	for what, call := range map[string]func(context.Context) error{
		"start": func(ctx context.Context) error { _, err := s.Start(ctx, order(at, eur, d.Clock().Now())); return err },
		"start a yen": func(ctx context.Context) error {
			_, err := s.Start(ctx, order(at, money.Amount{Minor: 500, Currency: "JPY"}, d.Clock().Now()))
			return err
		},
		"start again": func(ctx context.Context) error {
			_, err := s.Start(ctx, order(at, eur, d.Clock().Now().Add(-time.Hour)))
			return err
		},
		"start instant": func(ctx context.Context) error {
			o := order(at, eur, d.Clock().Now())
			o.InstantOnly = true
			_, err := s.Start(ctx, o)
			return err
		},
		"start by every way": func(ctx context.Context) error {
			o := order(at, eur, d.Clock().Now())
			for _, way := range (&payment.Payments{}).Ways(business.Business{}) {
				if s.Knows(way.ID) {
					o.Methods = append(o.Methods, way.ID)
				}
			}
			_, err := s.Start(ctx, o)
			return err
		},
		"find":      func(ctx context.Context) error { _, err := s.Find(ctx, at, "pay_1", d.Clock().Now()); return err },
		"fetch":     func(ctx context.Context) error { _, err := s.Fetch(ctx, at, "cs_test_paid"); return err },
		"movements": func(ctx context.Context) error { _, err := s.Movements(ctx, at, "cs_test_paid"); return err },
		"refund": func(ctx context.Context) error {
			_, err := s.Refund(ctx, at, "cs_test_paid", provider.RefundOrder{Key: "rfd_1", Amount: eur, Description: "Workshop"})
			return err
		},
		"cancel":  func(ctx context.Context) error { return s.Cancel(ctx, at, "cs_test_open") },
		"resolve": func(ctx context.Context) error { _, err := s.Resolve(ctx, b.ID, "pi_paid"); return err },
		"offered": func(ctx context.Context) error { return s.Offered(ctx, at, func(offered.Link) error { return nil }) },
		"list": func(ctx context.Context) error {
			return s.List(ctx, at, d.Clock().Now().Add(-time.Hour), func(provider.Listed) error { return nil })
		},
	} {
		if err := call(t.Context()); err != nil {
			t.Logf("%s: %v", what, err) // the mock answers about other objects; its verdict counts
		}
	}
	if err := ring.Disconnect(t.Context(), b, stripe.Name, business.Test); err != nil {
		t.Error(err)
	}
	for asked, why := range stripeAPI.wrong {
		t.Errorf("%s: %s", asked, why)
	}
	for _, call := range stripeCalls(t) {
		if asked := stripeOperations[call]; !stripeAPI.passed[asked] {
			t.Errorf("%s (%q) was not asked, or refused", call, asked)
		}
	}
	want := slices.Sorted(maps.Values(stripeOperations))
	if got := slices.Sorted(maps.Keys(stripeAPI.passed)); !slices.Equal(got, want) {
		t.Errorf("asked\n%q, want\n%q", got, want)
	}
}

// stripeOperations are the requests behind the calls of Stripe's library.
var stripeOperations = map[string]string{
	"V1Accounts.Retrieve":         "GET /v1/account",
	"V1CheckoutSessions.Create":   "POST /v1/checkout/sessions",
	"V1CheckoutSessions.Expire":   "POST /v1/checkout/sessions/…/expire",
	"V1CheckoutSessions.List":     "GET /v1/checkout/sessions",
	"V1CheckoutSessions.Retrieve": "GET /v1/checkout/sessions/…",
	"V1Disputes.List":             "GET /v1/disputes",
	"V1PaymentLinks.List":         "GET /v1/payment_links",
	"V1Refunds.Create":            "POST /v1/refunds",
	"V1Refunds.List":              "GET /v1/refunds",
	"V1WebhookEndpoints.Create":   "POST /v1/webhook_endpoints",
	"V1WebhookEndpoints.Delete":   "DELETE /v1/webhook_endpoints/…",
}

// stripeCalls are the calls of Stripe's library in the room that makes them, so that a
// new one can't be forgotten here.
func stripeCalls(t *testing.T) (calls []string) {
	t.Helper()
	files, err := filepath.Glob("../../internal/payment/stripe/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, regexp.MustCompile(`\bV1\w+\.\w+`).FindAllString(string(text), -1)...)
	}
	if len(calls) < len(stripeOperations) {
		t.Fatalf("found %q", calls)
	}
	return calls
}

func order(at provider.Account, amount money.Amount, created time.Time) provider.Order {
	return provider.Order{
		AttemptID: "pay_1", Account: at, Amount: amount, Description: "Workshop", ReturnURL: "https://pay.example/pay/pay_1",
		Payer: attempt.Payer{Email: "sanne@example.com", Language: "nl"}, CreatedAt: created, ExpiresAt: created.Add(attempt.HoldFor),
		Source: map[string]string{"link": "lnk_1"},
	}
}
