package together_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

func TestLimitHoldsUnderConcurrentPayers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		payers int
		limit  int64
	}{{500, 1}, {500, 7}} {
		t.Run(fmt.Sprintf("%d payers, limit %d", c.payers, c.limit), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := paymenttest.MustWorld(t, d)
				l := w.MustLink(c.limit)
				var refused atomic.Int64
				paymenttest.Together(c.payers, func(int) {
					r := w.Ask(l)
					a, err := w.Payments.Start(t.Context(), r)
					for err == nil && a.CheckoutURL == "" { // all wait for four connections: who holds a slot presses again
						a, err = w.Payments.Start(t.Context(), r)
					}
					if fault.Is(err, fault.SlotTaken) || fault.Is(err, fault.LimitReached) {
						refused.Add(1)
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := w.Sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Twice); err != nil {
						t.Error(err)
					}
					if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
						t.Error(err)
					}
				})
				w.Settle() // the webhooks are through
				if got := w.Slots(l); got != (link.Slots{Used: c.limit}) {
					t.Errorf("slots %+v, want %d used and none held", got, c.limit)
				}
				if got := refused.Load(); got != int64(c.payers)-c.limit {
					t.Errorf("%d payers were refused, want %d", got, int64(c.payers)-c.limit)
				}
				if n := w.Count(`SELECT COUNT(*) FROM payments WHERE status = 'accepted'`); n != c.limit {
					t.Errorf("%d payments accepted", n)
				}
				w.MustHold()
			})
		})
	}
}

func TestWebhookReturnAndPollerAtOnceSettleOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(3)
		a := w.MustStart(w.Ask(l))
		w.DB.Clock().SetOffset(5 * time.Minute) // the next poll is due
		paymenttest.Together(24, func(i int) {
			var err error
			switch {
			case i == 0:
				_, err = w.Sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Twice)
			case i%3 == 0:
				_, err = w.Payments.SweepDue(t.Context())
			default:
				_, err = w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn)
			}
			if err != nil {
				t.Error(err)
			}
		})
		w.Settle()
		v := w.Expect(a, attempt.Paid, history.StatusPaid)
		if v.Receipt != "TEST-2026-00001" || v.Late() || v.Method != "Sandbox" {
			t.Errorf("receipt %q, late %v, method %q", v.Receipt, v.Late(), v.Method)
		}
		if n := w.Count(`SELECT COUNT(*) FROM attempt_events WHERE state = 'paid'`); n != 1 {
			t.Errorf("paid %d times", n)
		}
		if n := w.Count(`SELECT payments FROM link_totals WHERE link_id = $1`, l.ID); n != 1 {
			t.Errorf("counted %d times", n)
		}
		w.MustHold()
	})
}

func TestTabsOfOneVisitorShareOneAttempt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1) // the last slot is no reason to refuse its own holder
		r := w.Ask(l)
		got := make([]attempt.Attempt, 12)
		paymenttest.Together(len(got), func(i int) {
			a, err := w.Payments.Start(t.Context(), r)
			if err != nil {
				t.Error(err)
			}
			got[i] = a
		})
		for _, a := range got {
			if a.ID != got[0].ID || a.CheckoutURL == "" || a.CheckoutURL != got[0].CheckoutURL {
				t.Errorf("%s at %s, and %s at %s", a.ID, a.CheckoutURL, got[0].ID, got[0].CheckoutURL)
			}
		}
		if n := w.Count(`SELECT COUNT(*) FROM sandbox_payments`); n != 1 {
			t.Errorf("%d checkouts", n)
		}
		w.MustHold()
	})
}

func TestReceiptsHaveNoGapsUnderConcurrency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var fails atomic.Int64
		w := paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
			c.Effects = append(c.Effects, payment.Effect{Name: "now and then", Do: func(context.Context, *db.Tx, payment.Settlement) error {
				if fails.Add(1)%3 == 0 { // takes back everything, the number too
					return errors.New("an effect failed")
				}
				return nil
			}})
		})
		const n = 40
		paymenttest.Together(n, func(int) {
			a, err := w.Payments.Start(t.Context(), w.Ask(w.MustLink(0)))
			if err != nil {
				t.Error(err)
				return
			}
			w.Decide(a, sandbox.Paid)
			for {
				if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err == nil {
					return
				}
			}
		})
		var receipts []string
		if err := d.Select(t.Context(), &receipts, `SELECT receipt FROM payments ORDER BY receipt`); err != nil {
			t.Fatal(err)
		}
		for i, got := range receipts {
			if want := fmt.Sprintf("TEST-2026-%05d", i+1); got != want {
				t.Fatalf("receipt %s, want %s", got, want)
			}
		}
		if len(receipts) != n {
			t.Errorf("%d receipts", len(receipts))
		}
		w.MustHold()
	})
}
