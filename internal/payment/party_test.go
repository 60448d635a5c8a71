package payment_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/linetest"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/mollie/mollietest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/payment/stripe"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
)

// party is a provider as a third party, and what can be done there.
type party struct {
	do        func(ref string, outcome provider.RemoteStatus) // whatever the checkout's status was
	report    func(ref string)                                // a webhook
	made      func() int                                      // checkouts
	refunded  func(ref string) bool                           // the whole, once
	line      *linetest.Line                                  // nil where there is none
	revoke    func()
	odd       func(ref string)                               // a status of tomorrow
	alter     func(ref, currency, attempt string, half bool) // what it tells
	giveBack  func(ref string)                               // ten euro, by the merchant at the provider; nil where nobody can
	quickOnly func(ref string) bool                          // ways to pay that take days are not offered; nil for the sandbox
	// settleRefunds does what waits at the provider; nil where nothing does.
	settleRefunds func(ref string)
	failRefunds   func(ref string) // what waits there fails; nil where nothing waits
	dispute       func(ref string) // the payer's bank takes the money
	reverse       func(ref string) // and gives it to the merchant again; nil where it decides once
}

// partyWorld is a world whose business has its money moved by a third party.
type partyWorld struct {
	*world
	party
	ring *keyring.Ring
}

// parties runs a promise against every provider, on both engines.
func parties(t *testing.T, d *db.DB, promise func(t *testing.T, w *partyWorld)) {
	for _, name := range []string{business.Sandbox, stripe.Name, mollie.Name} {
		t.Run(name, func(t *testing.T) { promise(t, mustParty(t, d, name)) })
	}
}

// others are parties without the sandbox, which is reached by no line.
func others(t *testing.T, d *db.DB, promise func(t *testing.T, w *partyWorld)) {
	for _, name := range []string{stripe.Name, mollie.Name} {
		t.Run(name, func(t *testing.T) { promise(t, mustParty(t, d, name)) })
	}
}

const (
	stripeKey = "sk_test_51standin"
	mollieKey = "test_standin"
)

func mustParty(t *testing.T, d *db.DB, name string) *partyWorld {
	t.Helper()
	d.Clock().SetOffset(0)
	businesses := businesstest.New(t, d)
	w := &partyWorld{world: &world{t: t, d: d, products: product.New(d, picture.NewDecoder()), queue: jobtest.New(t, d)}}
	w.links, w.coupons = link.New(d, tag.New(d), w.products), coupon.New(d)
	w.business = businesstest.Make(t, d, "acme-"+name)
	server := httptest.NewServer(http.HandlerFunc(w.hook))
	t.Cleanup(server.Close)
	w.ring = keyring.New(d, businesstest.Sealer(t), businesses, addresstest.At(server.URL), true)
	strp, mlli := stripetest.New(d.Clock().Wall), mollietest.New(t, d.Clock().Wall) // third parties do not share our offset
	t.Cleanup(strp.Close)
	strp.Account(stripeKey, "acct_acme", "Acme")
	mlli.Account(mollieKey, "pfl_acme", "Acme")
	s, m := stripe.New(w.ring, strp.URL, d.Clock(), nil), mollie.New(w.ring, mlli.URL, d.Clock(), nil)
	w.sandbox = sandbox.New(d, w.queue, sandboxSecret, addresstest.Book(), server.Client(), slog.New(slog.DiscardHandler))
	w.ring.Open(map[string]keyring.Gate{stripe.Name: s, mollie.Name: m})
	w.payments = payment.New(payment.Config{
		DB: d, Queue: w.queue, Links: w.links, Businesses: businesses, Customers: customer.New(d, tag.New(d)), Coupons: w.coupons, Limits: true, Log: slog.New(slog.DiscardHandler), Addresses: addresstest.At(server.URL),
		Providers: map[string]provider.Provider{business.Sandbox: w.sandbox, stripe.Name: s, mollie.Name: m},
		Effects:   []payment.Effect{{Name: "count", Do: visit.CountPayments}},
		Reactions: []payment.Reaction{{Name: "count", Do: visit.CountMovement}},
	})
	switch name {
	case business.Sandbox:
		w.party = sandboxParty(t, w)
	case stripe.Name:
		w.party = stripeParty(t, strp)
		w.connect(name, stripeKey)
	case mollie.Name:
		w.party = mollieParty(t, mlli)
		w.connect(name, mollieKey)
	}
	return w
}

// connect enters a key as the merchant does.
func (w *partyWorld) connect(provider, key string) {
	w.t.Helper()
	if _, err := w.ring.Connect(w.t.Context(), w.business.ID, provider, keyring.Connection{Key: key}); err != nil {
		w.t.Fatal(err)
	}
	b, err := w.payments.Businesses.ByID(w.t.Context(), w.business.ID)
	if err != nil || b.Provider != provider || b.Mode != business.Test {
		w.t.Fatalf("the business uses %q in %s: %v", b.Provider, b.Mode, err)
	}
	w.business = b
}

// hook answers webhooks as the web room does.
func (w *partyWorld) hook(out http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/") // "", hooks, provider, business
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = w.payments.ReceiveWebhook(r.Context(), w.business, parts[2], r.Header, body)
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

func sandboxParty(t *testing.T, w *partyWorld) party {
	set := func(query string, args ...any) {
		if err := w.d.InTx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), query, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	return party{
		do: func(ref string, outcome provider.RemoteStatus) {
			if _, err := w.sandbox.Decide(context.WithoutCancel(t.Context()), ref, sandbox.Outcome(outcome), sandbox.Lost); err != nil {
				t.Fatal(err)
			}
		},
		report: func(ref string) {
			if _, err := w.sandbox.Decide(t.Context(), ref, sandbox.Paid, sandbox.Twice); err != nil {
				t.Fatal(err)
			}
			w.settle()
		},
		made: func() int {
			return int(w.count(`SELECT COUNT(*) FROM sandbox_payments WHERE account = $1`, w.business.ID))
		},
		refunded: func(ref string) bool {
			return w.count(`SELECT COUNT(*) FROM sandbox_payments WHERE id = $1 AND refunded_minor = amount_minor`, ref) == 1
		},
		dispute: func(ref string) {
			for _, outcome := range []sandbox.Outcome{sandbox.Disputed, sandbox.DisputeLost} {
				if _, err := w.sandbox.Decide(t.Context(), ref, outcome, sandbox.Lost); err != nil {
					t.Fatal(err)
				}
			}
		},
		alter: func(ref, currency, attempt string, half bool) {
			if half {
				set(`UPDATE sandbox_payments SET amount_minor = amount_minor / 2 WHERE id = $1`, ref)
			}
			if currency != "" {
				set(`UPDATE sandbox_payments SET currency = $2 WHERE id = $1`, ref, currency)
			}
			if attempt != "" {
				set(`UPDATE sandbox_payments SET metadata = $2 WHERE id = $1`, ref, attempt)
			}
		},
	}
}

func stripeParty(t *testing.T, s *stripetest.Server) party {
	return party{
		line: &s.Line, made: s.Sessions, revoke: func() { s.Revoke(stripeKey) },
		do: func(ref string, outcome provider.RemoteStatus) {
			if err := s.Do(ref, stripetest.Outcome(outcome)); err != nil {
				t.Fatal(err)
			}
		},
		report: func(ref string) {
			statuses, err := s.Report("checkout.session.completed", ref)
			if err != nil || len(statuses) != 1 || statuses[0] != http.StatusNoContent {
				t.Errorf("the webhook was answered %v, %v", statuses, err)
			}
		},
		refunded:  func(ref string) bool { return s.Refunded(ref) == 4900 },
		odd:       func(ref string) { s.Alter(ref, "dreaming", "", "", 0) },
		giveBack:  func(ref string) { s.GiveBack(ref, 1000) },
		dispute:   func(ref string) { s.Dispute(ref, "lost") },
		quickOnly: func(ref string) bool { return slices.Contains(s.Excluded(ref), "sepa_debit") },
		alter: func(ref, currency, attempt string, half bool) {
			amount := int64(0)
			if half {
				amount = 2450
			}
			s.Alter(ref, "", strings.ToLower(currency), attempt, amount)
		},
	}
}

func mollieParty(t *testing.T, m *mollietest.Server) party {
	do := func(ref, status string) {
		if err := m.Do(ref, status); err != nil {
			t.Fatal(err)
		}
	}
	return party{
		line: &m.Line, made: m.Payments, revoke: func() { m.Revoke(mollieKey) },
		do: func(ref string, outcome provider.RemoteStatus) { do(ref, string(outcome)) },
		report: func(ref string) {
			if status, err := m.Report(ref); err != nil || status != http.StatusNoContent {
				t.Errorf("the webhook was answered %d, %v", status, err)
			}
		},
		refunded:      func(ref string) bool { r := m.Refunds(ref); return len(r) == 1 && r[0] == "49.00" },
		odd:           func(ref string) { do(ref, "dreaming") },
		giveBack:      func(ref string) { m.GiveBack(ref, "10.00") },
		settleRefunds: func(ref string) { m.DecideRefunds(ref, "refunded") },
		failRefunds:   func(ref string) { m.DecideRefunds(ref, "failed") },
		dispute:       m.TakeBack,
		quickOnly: func(ref string) bool {
			return slices.Equal(m.Methods(ref), []string{"ideal", "creditcard", "applepay", "paypal", "bancontact", "paysafecard"})
		},
		reverse: m.Reverse,
		alter: func(ref, currency, attempt string, half bool) {
			value := ""
			if half {
				value = "24.50"
			}
			m.Alter(ref, value, currency, attempt)
		},
	}
}

// isAway reports whether an error says that the provider can't be asked now.
func isAway(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code == fault.Unavailable
}
