package payment_test

import (
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

func TestAHoldEndsWhenTheProviderConfirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		a := w.mustStart(w.ask(l))
		if _, err := w.payments.Start(t.Context(), w.ask(l)); !fault.Is(err, fault.SlotTaken) {
			t.Errorf("the last slot is held, and another payer got %v", err)
		}
		w.pass(29 * time.Minute)
		w.expect(a, attempt.Open, history.StatusOpen)
		w.pass(time.Minute)
		w.expect(a, attempt.Released, history.StatusExpired)
		if got := w.slots(l); got != (link.Slots{}) {
			t.Errorf("slots %+v", got)
		}
		w.mustStart(w.ask(l)) // free again
		w.mustHold()
	})
}

func TestPendingPinsTheSlotAndIsPaidDaysLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		a := w.mustStart(w.ask(l))
		w.decide(a, sandbox.Pending)
		w.pass(48 * time.Hour)
		w.expect(a, attempt.Pending, history.StatusPending)
		if got := w.slots(l); got != (link.Slots{Held: 1}) {
			t.Errorf("slots %+v", got)
		}
		w.decide(a, sandbox.Paid)
		w.pass(2 * time.Hour) // the poller finds it without a webhook
		if v := w.expect(a, attempt.Paid, history.StatusPaid); v.Late() {
			t.Error("it held its slot and is late all the same")
		}
		w.mustHold()
	})
}

func TestEachEndGivesTheSlotBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		for outcome, want := range map[sandbox.Outcome]attempt.State{
			sandbox.Failed: attempt.Failed, sandbox.Canceled: attempt.Canceled, sandbox.Expired: attempt.Expired,
		} {
			l := w.mustLink(1)
			a := w.mustStart(w.ask(l))
			w.decide(a, outcome)
			w.mustSync(a)
			w.expect(a, want, history.Status(want))
			if got := w.slots(l); got != (link.Slots{}) {
				t.Errorf("%s: slots %+v", outcome, got)
			}
		}
		w.mustHold()
	})
}

func TestLatePaidTakesAFreeSlotAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		a := w.mustStart(w.ask(l))
		w.decide(a, sandbox.Failed)
		w.mustSync(a)
		w.decide(a, sandbox.Paid)
		v := w.mustSync(a)
		if v.Status() != history.StatusPaid || !v.Late() || v.Receipt == "" {
			t.Errorf("%s, late %v, receipt %q", v.Status(), v.Late(), v.Receipt)
		}
		if got := w.slots(l); got != (link.Slots{Used: 1}) {
			t.Errorf("slots %+v", got)
		}
		w.mustHold()
	})
}

func TestLatePaidWithoutASlotIsRefunded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		late := w.mustStart(w.ask(l))
		w.pass(31 * time.Minute)
		first := w.mustStart(w.ask(l)) // takes the slot that came free
		w.decide(late, sandbox.Paid)
		v := w.mustSync(late)
		if v.Status() != history.StatusOverflow || v.Receipt != "" || v.Refunded() != late.Amount || !v.Late() {
			t.Errorf("%s, receipt %q, refunded %s", v.Status(), v.Receipt, v.Refunded())
		}
		w.decide(first, sandbox.Paid)
		if v := w.mustSync(first); v.Status() != history.StatusPaid || v.Receipt != "TEST-2026-00001" {
			t.Errorf("%s, receipt %q", v.Status(), v.Receipt)
		}
		w.mustHold()
	})
}

func TestMoneyAfterTheEndIsFoundWithoutAWebhook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		for _, after := range []time.Duration{0, 2 * time.Hour} {
			a := w.mustStart(w.ask(l))
			w.decide(a, sandbox.Canceled)
			w.mustSync(a)
			w.pass(after)
			w.decide(a, sandbox.Paid)
			w.pass(25 * time.Hour)
			if v := w.view(a); v.State != attempt.Paid {
				t.Errorf("paid %s after its end: %s", after, v.State)
			}
			l = w.mustLink(1)
		}
		w.pass(100 * time.Hour)
		a := w.mustStart(w.ask(l))
		w.decide(a, sandbox.Failed)
		w.mustSync(a)
		w.pass(26 * time.Hour)
		w.pass(26 * time.Hour)
		if n := w.count(`SELECT COUNT(*) FROM attempts WHERE sync_at IS NOT NULL AND state <> 'paid'`); n != 0 {
			t.Errorf("%d ended attempts are looked at for ever", n)
		}
		w.mustHold()
	})
}

func TestPaidStaysPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustStart(w.ask(w.mustLink(2)))
		w.decide(a, sandbox.Paid)
		w.mustSync(a)
		if _, err := w.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Expired, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("the sandbox took a second outcome: %v", err)
		}
		// Even a provider that changes its mind changes nothing.
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sandbox_payments SET status = 'expired'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.mustSync(a)
		w.pass(48 * time.Hour)
		w.expect(a, attempt.Paid, history.StatusPaid)
	})
}

// orders are all orders of the events, each event once.
func orders(events []sandbox.Outcome) [][]sandbox.Outcome {
	if len(events) == 0 {
		return [][]sandbox.Outcome{nil}
	}
	var all [][]sandbox.Outcome
	for i, first := range events {
		rest := append(append([]sandbox.Outcome{}, events[:i]...), events[i+1:]...)
		for _, order := range orders(rest) {
			all = append(all, append([]sandbox.Outcome{first}, order...))
		}
	}
	return all
}

// Whatever the provider says in whichever order, heard each time or only at
// the end: once it says paid, there is one payment, and it stays.
func TestAllOrdersOfEventsEndInOnePayment(t *testing.T) {
	if dbtest.Race {
		t.Skip("one thing happens after another: the detector has nothing to find")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		for i, order := range orders([]sandbox.Outcome{sandbox.Pending, sandbox.Failed, sandbox.Expired, sandbox.Paid}) {
			for _, heard := range []bool{true, false} {
				l := w.mustLink(1)
				a := w.mustStart(w.ask(l))
				for _, outcome := range order {
					_, err := w.sandbox.Decide(t.Context(), a.ProviderRef, outcome, sandbox.Lost)
					if err != nil && !fault.Is(err, fault.Conflict) {
						t.Fatal(err)
					}
					if heard {
						w.mustSync(a)
						w.mustSync(a)
					}
				}
				if v := w.mustSync(a); v.Status() != history.StatusPaid || w.slots(l) != (link.Slots{Used: 1}) {
					t.Errorf("order %d %v, heard %v: %s, slots %+v", i, order, heard, v.Status(), w.slots(l))
				}
			}
		}
		w.mustHold()
	})
}

// Webhooks that tell nothing new must not use up the polls that find money whose
// own webhook was lost.
func TestWebhooksWithoutNewsLeaveTheLooksAfterAnEndAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustStart(w.ask(w.mustLink(1)))
		w.decide(a, sandbox.Canceled)
		w.mustSync(a)
		due := w.count(`SELECT sync_at FROM attempts`)
		for range 3 {
			w.report(a, sandbox.Canceled, sandbox.Twice)
		}
		if n := w.count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NOT NULL`); n == 0 {
			t.Fatal("no webhook came")
		}
		if now := w.count(`SELECT sync_at FROM attempts`); now != due {
			t.Errorf("the next poll was moved from %d to %d", due, now)
		}
		w.decide(a, sandbox.Paid)
		w.pass(2 * time.Hour)
		w.expect(a, attempt.Paid, history.StatusPaid)
		w.mustHold()
	})
}
