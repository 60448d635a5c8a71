package paymenttest

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

// Party is a provider as a third party, and what can be done there.
type Party struct {
	Do        func(ref string, outcome provider.RemoteStatus) // whatever the checkout's status was
	Report    func(ref string)                                // a webhook
	Made      func() int                                      // checkouts
	Refunded  func(ref string) bool                           // the whole, once
	Line      *linetest.Line                                  // nil where there is none
	Revoke    func()
	Odd       func(ref string)                               // a status of tomorrow
	Alter     func(ref, currency, attempt string, half bool) // what it tells
	GiveBack  func(ref string)                               // ten euro, by the merchant at the provider; nil where nobody can
	QuickOnly func(ref string) bool                          // ways to pay that take days are not offered; nil for the sandbox
	// SettleRefunds does what waits at the provider; nil where nothing does.
	SettleRefunds func(ref string)
	FailRefunds   func(ref string) // what waits there fails; nil where nothing waits
	Dispute       func(ref string) // the payer's bank takes the money
	Reverse       func(ref string) // and gives it to the merchant again; nil where it decides once
}

// PartyWorld is a world whose business has its money moved by a third party.
type PartyWorld struct {
	*World
	Party
	Ring *keyring.Ring
}

// Parties runs a promise against every provider, on both engines.
func Parties(t *testing.T, d *db.DB, promise func(t *testing.T, w *PartyWorld)) {
	for _, name := range []string{business.Sandbox, stripe.Name, mollie.Name} {
		t.Run(name, func(t *testing.T) { promise(t, MustParty(t, d, name)) })
	}
}

// Others are parties without the sandbox, which is reached by no line.
func Others(t *testing.T, d *db.DB, promise func(t *testing.T, w *PartyWorld)) {
	for _, name := range []string{stripe.Name, mollie.Name} {
		t.Run(name, func(t *testing.T) { promise(t, MustParty(t, d, name)) })
	}
}

const (
	stripeKey = "sk_test_51standin"
	MollieKey = "test_standin"
)

// MustParty makes a world whose provider is the one of the name.
func MustParty(t *testing.T, d *db.DB, name string) *PartyWorld {
	t.Helper()
	d.Clock().SetOffset(0)
	businesses := businesstest.New(t, d)
	w := &PartyWorld{World: &World{T: t, DB: d, Products: product.New(d, picture.NewDecoder()), Queue: jobtest.New(t, d)}}
	w.Links, w.Coupons = link.New(d, tag.New(d), w.Products), coupon.New(d)
	w.Business = businesstest.Make(t, d, "acme-"+name)
	server := httptest.NewServer(http.HandlerFunc(w.hook))
	t.Cleanup(server.Close)
	w.Ring = keyring.New(d, businesstest.Sealer(t), businesses, addresstest.At(server.URL), true)
	strp, mlli := stripetest.New(d.Clock().Wall), mollietest.New(t, d.Clock().Wall) // third parties do not share our offset
	t.Cleanup(strp.Close)
	strp.Account(stripeKey, "acct_acme", "Acme")
	mlli.Account(MollieKey, "pfl_acme", "Acme")
	s, m := stripe.New(w.Ring, strp.URL, d.Clock(), nil), mollie.New(w.Ring, mlli.URL, d.Clock(), nil)
	w.Sandbox = sandbox.New(d, w.Queue, SandboxSecret, addresstest.Book(), server.Client(), slog.New(slog.DiscardHandler))
	w.Ring.Open(map[string]keyring.Gate{stripe.Name: s, mollie.Name: m})
	w.Payments = payment.New(payment.Config{
		DB: d, Queue: w.Queue, Links: w.Links, Businesses: businesses, Customers: customer.New(d, tag.New(d)), Coupons: w.Coupons, Limits: true, Log: slog.New(slog.DiscardHandler), Addresses: addresstest.At(server.URL),
		Providers: map[string]provider.Provider{business.Sandbox: w.Sandbox, stripe.Name: s, mollie.Name: m},
		Effects:   []payment.Effect{{Name: "count", Do: visit.CountPayments}},
		Reactions: []payment.Reaction{{Name: "count", Do: visit.CountMovement}},
	})
	switch name {
	case business.Sandbox:
		w.Party = sandboxParty(t, w)
	case stripe.Name:
		w.Party = stripeParty(t, strp)
		w.Connect(name, stripeKey)
	case mollie.Name:
		w.Party = mollieParty(t, mlli)
		w.Connect(name, MollieKey)
	}
	return w
}

// Connect enters a key as the merchant does.
func (w *PartyWorld) Connect(provider, key string) {
	w.T.Helper()
	if _, err := w.Ring.Connect(w.T.Context(), w.Business.ID, provider, keyring.Connection{Key: key}); err != nil {
		w.T.Fatal(err)
	}
	b, err := w.Payments.Businesses.ByID(w.T.Context(), w.Business.ID)
	if err != nil || b.Provider != provider || b.Mode != business.Test {
		w.T.Fatalf("the business uses %q in %s: %v", b.Provider, b.Mode, err)
	}
	w.Business = b
}

// hook answers webhooks as the web room does.
func (w *PartyWorld) hook(out http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/") // "", hooks, provider, business
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = w.Payments.ReceiveWebhook(r.Context(), w.Business, parts[2], r.Header, body)
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

func sandboxParty(t *testing.T, w *PartyWorld) Party {
	set := func(query string, args ...any) {
		if err := w.DB.InTx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), query, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	return Party{
		Do: func(ref string, outcome provider.RemoteStatus) {
			if _, err := w.Sandbox.Decide(context.WithoutCancel(t.Context()), ref, sandbox.Outcome(outcome), sandbox.Lost); err != nil {
				t.Fatal(err)
			}
		},
		Report: func(ref string) {
			if _, err := w.Sandbox.Decide(t.Context(), ref, sandbox.Paid, sandbox.Twice); err != nil {
				t.Fatal(err)
			}
			w.Settle()
		},
		Made: func() int {
			return int(w.Count(`SELECT COUNT(*) FROM sandbox_payments WHERE account = $1`, w.Business.ID))
		},
		Refunded: func(ref string) bool {
			return w.Count(`SELECT COUNT(*) FROM sandbox_payments WHERE id = $1 AND refunded_minor = amount_minor`, ref) == 1
		},
		Dispute: func(ref string) {
			for _, outcome := range []sandbox.Outcome{sandbox.Disputed, sandbox.DisputeLost} {
				if _, err := w.Sandbox.Decide(t.Context(), ref, outcome, sandbox.Lost); err != nil {
					t.Fatal(err)
				}
			}
		},
		Alter: func(ref, currency, attempt string, half bool) {
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

func stripeParty(t *testing.T, s *stripetest.Server) Party {
	return Party{
		Line: &s.Line, Made: s.Sessions, Revoke: func() { s.Revoke(stripeKey) },
		Do: func(ref string, outcome provider.RemoteStatus) {
			if err := s.Do(ref, stripetest.Outcome(outcome)); err != nil {
				t.Fatal(err)
			}
		},
		Report: func(ref string) {
			statuses, err := s.Report("checkout.session.completed", ref)
			if err != nil || len(statuses) != 1 || statuses[0] != http.StatusNoContent {
				t.Errorf("the webhook was answered %v, %v", statuses, err)
			}
		},
		Refunded:  func(ref string) bool { return s.Refunded(ref) == 4900 },
		Odd:       func(ref string) { s.Alter(ref, "dreaming", "", "", 0) },
		GiveBack:  func(ref string) { s.GiveBack(ref, 1000) },
		Dispute:   func(ref string) { s.Dispute(ref, "lost") },
		QuickOnly: func(ref string) bool { return slices.Contains(s.Excluded(ref), "sepa_debit") },
		Alter: func(ref, currency, attempt string, half bool) {
			amount := int64(0)
			if half {
				amount = 2450
			}
			s.Alter(ref, "", strings.ToLower(currency), attempt, amount)
		},
	}
}

func mollieParty(t *testing.T, m *mollietest.Server) Party {
	do := func(ref, status string) {
		if err := m.Do(ref, status); err != nil {
			t.Fatal(err)
		}
	}
	return Party{
		Line: &m.Line, Made: m.Payments, Revoke: func() { m.Revoke(MollieKey) },
		Do: func(ref string, outcome provider.RemoteStatus) { do(ref, string(outcome)) },
		Report: func(ref string) {
			if status, err := m.Report(ref); err != nil || status != http.StatusNoContent {
				t.Errorf("the webhook was answered %d, %v", status, err)
			}
		},
		Refunded:      func(ref string) bool { r := m.Refunds(ref); return len(r) == 1 && r[0] == "49.00" },
		Odd:           func(ref string) { do(ref, "dreaming") },
		GiveBack:      func(ref string) { m.GiveBack(ref, "10.00") },
		SettleRefunds: func(ref string) { m.DecideRefunds(ref, "refunded") },
		FailRefunds:   func(ref string) { m.DecideRefunds(ref, "failed") },
		Dispute:       m.TakeBack,
		QuickOnly: func(ref string) bool {
			return slices.Equal(m.Methods(ref), []string{"ideal", "creditcard", "applepay", "paypal", "bancontact", "paysafecard"})
		},
		Reverse: m.Reverse,
		Alter: func(ref, currency, attempt string, half bool) {
			value := ""
			if half {
				value = "24.50"
			}
			m.Alter(ref, value, currency, attempt)
		},
	}
}

// IsAway reports whether an error says that the provider can't be asked now.
func IsAway(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code == fault.Unavailable
}
