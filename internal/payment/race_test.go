package payment_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
	"smartlinks/internal/payment/sandbox"
)

// together runs do n times at once, starting at one signal.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	ready := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-ready
			do(i)
		})
	}
	close(ready)
	all.Wait()
}

func TestLimitHoldsUnderConcurrentPayers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		payers int
		limit  int64
	}{{500, 1}, {500, 7}} {
		t.Run(fmt.Sprintf("%d payers, limit %d", c.payers, c.limit), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := mustWorld(t, d)
				l := w.mustLink(c.limit)
				var refused atomic.Int64
				together(c.payers, func(int) {
					r := w.ask(l)
					a, err := w.payments.Start(t.Context(), r)
					for err == nil && a.CheckoutURL == "" { // all wait for four connections: who holds a slot presses again
						a, err = w.payments.Start(t.Context(), r)
					}
					if fault.Is(err, fault.SlotTaken) || fault.Is(err, fault.LimitReached) {
						refused.Add(1)
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := w.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Twice); err != nil {
						t.Error(err)
					}
					if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
						t.Error(err)
					}
				})
				w.settle() // the webhooks are through
				if got := w.slots(l); got != (link.Slots{Used: c.limit}) {
					t.Errorf("slots %+v, want %d used and none held", got, c.limit)
				}
				if got := refused.Load(); got != int64(c.payers)-c.limit {
					t.Errorf("%d payers were refused, want %d", got, int64(c.payers)-c.limit)
				}
				if n := w.count(`SELECT COUNT(*) FROM payments WHERE status = 'accepted'`); n != c.limit {
					t.Errorf("%d payments accepted", n)
				}
				w.mustHold()
			})
		})
	}
}

func TestWebhookReturnAndPollerAtOnceSettleOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(3)
		a := w.mustStart(w.ask(l))
		w.d.Clock().SetOffset(5 * time.Minute) // the next poll is due
		together(24, func(i int) {
			var err error
			switch {
			case i == 0:
				_, err = w.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Twice)
			case i%3 == 0:
				_, err = w.payments.SweepDue(t.Context())
			default:
				_, err = w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn)
			}
			if err != nil {
				t.Error(err)
			}
		})
		w.settle()
		v := w.expect(a, attempt.Paid, history.StatusPaid)
		if v.Receipt != "TEST-2026-00001" || v.Late() || v.Method != "Sandbox" {
			t.Errorf("receipt %q, late %v, method %q", v.Receipt, v.Late(), v.Method)
		}
		if n := w.count(`SELECT COUNT(*) FROM attempt_events WHERE state = 'paid'`); n != 1 {
			t.Errorf("paid %d times", n)
		}
		if n := w.count(`SELECT payments FROM link_totals WHERE link_id = $1`, l.ID); n != 1 {
			t.Errorf("counted %d times", n)
		}
		w.mustHold()
	})
}

func TestTabsOfOneVisitorShareOneAttempt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1) // the last slot is no reason to refuse its own holder
		r := w.ask(l)
		got := make([]attempt.Attempt, 12)
		together(len(got), func(i int) {
			a, err := w.payments.Start(t.Context(), r)
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
		if n := w.count(`SELECT COUNT(*) FROM sandbox_payments`); n != 1 {
			t.Errorf("%d checkouts", n)
		}
		w.mustHold()
	})
}

func TestReceiptsHaveNoGapsUnderConcurrency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var fails atomic.Int64
		w := mustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
			c.Effects = append(c.Effects, payment.Effect{Name: "now and then", Do: func(context.Context, *db.Tx, payment.Settlement) error {
				if fails.Add(1)%3 == 0 { // takes back everything, the number too
					return errors.New("an effect failed")
				}
				return nil
			}})
		})
		const n = 40
		together(n, func(int) {
			a, err := w.payments.Start(t.Context(), w.ask(w.mustLink(0)))
			if err != nil {
				t.Error(err)
				return
			}
			w.decide(a, sandbox.Paid)
			for {
				if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err == nil {
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
		w.mustHold()
	})
}
