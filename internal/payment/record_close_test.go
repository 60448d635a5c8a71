package payment_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

// All checkouts that the payer has open are closed, also one whose provider has not answered
// yet, each tells why, and money that comes of any of them goes back.
func TestAllOpenCheckoutsAreClosedForARecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(9)
		var theirs []attempt.Attempt
		for i := range 3 {
			if i == 2 {
				line.set(func() { line.start = errTimeout })
			}
			r := w.ask(l)
			r.Payer.Email = "amara@example.com"
			theirs = append(theirs, w.mustStart(r))
		}
		line.set(func() { line.start = nil })
		r := w.handOf(l)
		r.Email = "Amara@example.com"
		v := w.mustRecord(r)
		w.mustTell(v.Attempt, attempt.CauseMerchant, "recorded by hand by Marit")
		if n := w.count(`SELECT COUNT(*) FROM attempts WHERE id = $1 AND sync_at IS NOT NULL`, v.ID); n != 0 {
			t.Error("a provider is asked about the recorded one")
		}
		for i, a := range theirs {
			w.expect(a, attempt.Released, history.StatusExpired)
			w.mustTell(a, attempt.CauseMerchant, "a payment is recorded by hand")
			a = w.view(a).Attempt
			w.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost) //nolint:errcheck // seen below
			if _, err := w.payments.Sync(t.Context(), w.business.ID, a.ID, attempt.CauseMerchant); err != nil {
				t.Fatal(err)
			}
			if now := w.view(a); now.Status() != history.StatusOverflow {
				t.Errorf("checkout %d is %s", i, now.Status())
			}
		}
		w.mustHold()
	})
}

// The largest number is taken, and the sentence names the limit that would do.
func TestTheBoundsOfARecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		r := w.handOf(w.mustLink(0))
		r.Quantity, r.Amount = link.MaxLimit, eur(link.MaxLimit)
		w.mustRecord(r)
		r.Quantity, r.Amount = link.MaxLimit+1, eur(link.MaxLimit+1)
		if _, err := w.payments.Record(t.Context(), r); !fault.Is(err, fault.Invalid) {
			t.Errorf("one more: %v", err)
		}
		l := w.mustLink(1)
		w.mustRecord(w.handOf(l))
		if _, err := w.payments.Record(t.Context(), w.handOf(l)); err == nil || !strings.Contains(err.Error(), "the limit is 1. Raise it to 2") {
			t.Errorf("full: %v", err)
		}
	})
}
