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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

func TestAHoldEndsWhenTheProviderConfirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		a := w.MustStart(w.Ask(l))
		if _, err := w.Payments.Start(t.Context(), w.Ask(l)); !fault.Is(err, fault.SlotTaken) {
			t.Errorf("the last slot is held, and another payer got %v", err)
		}
		w.Pass(29 * time.Minute)
		w.Expect(a, attempt.Open, history.StatusOpen)
		w.Pass(time.Minute)
		w.Expect(a, attempt.Released, history.StatusExpired)
		if got := w.Slots(l); got != (link.Slots{}) {
			t.Errorf("slots %+v", got)
		}
		w.MustStart(w.Ask(l)) // free again
		w.MustHold()
	})
}

func TestPendingPinsTheSlotAndIsPaidDaysLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		a := w.MustStart(w.Ask(l))
		w.Decide(a, sandbox.Pending)
		w.Pass(48 * time.Hour)
		w.Expect(a, attempt.Pending, history.StatusPending)
		if got := w.Slots(l); got != (link.Slots{Held: 1}) {
			t.Errorf("slots %+v", got)
		}
		w.Decide(a, sandbox.Paid)
		w.Pass(2 * time.Hour) // the poller finds it without a webhook
		if v := w.Expect(a, attempt.Paid, history.StatusPaid); v.Late() {
			t.Error("it held its slot and is late all the same")
		}
		w.MustHold()
	})
}

func TestEachEndGivesTheSlotBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		for outcome, want := range map[sandbox.Outcome]attempt.State{
			sandbox.Failed: attempt.Failed, sandbox.Canceled: attempt.Canceled, sandbox.Expired: attempt.Expired,
		} {
			l := w.MustLink(1)
			a := w.MustStart(w.Ask(l))
			w.Decide(a, outcome)
			w.MustSync(a)
			w.Expect(a, want, history.Status(want))
			if got := w.Slots(l); got != (link.Slots{}) {
				t.Errorf("%s: slots %+v", outcome, got)
			}
		}
		w.MustHold()
	})
}

func TestLatePaidTakesAFreeSlotAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		a := w.MustStart(w.Ask(l))
		w.Decide(a, sandbox.Failed)
		w.MustSync(a)
		w.Decide(a, sandbox.Paid)
		v := w.MustSync(a)
		if v.Status() != history.StatusPaid || !v.Late() || v.Receipt == "" {
			t.Errorf("%s, late %v, receipt %q", v.Status(), v.Late(), v.Receipt)
		}
		if got := w.Slots(l); got != (link.Slots{Used: 1}) {
			t.Errorf("slots %+v", got)
		}
		w.MustHold()
	})
}

func TestLatePaidWithoutASlotIsRefunded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		late := w.MustStart(w.Ask(l))
		w.Pass(31 * time.Minute)
		first := w.MustStart(w.Ask(l)) // takes the slot that came free
		w.Decide(late, sandbox.Paid)
		v := w.MustSync(late)
		if v.Status() != history.StatusOverflow || v.Receipt != "" || v.Refunded() != late.Amount || !v.Late() {
			t.Errorf("%s, receipt %q, refunded %s", v.Status(), v.Receipt, v.Refunded())
		}
		w.Decide(first, sandbox.Paid)
		if v := w.MustSync(first); v.Status() != history.StatusPaid || v.Receipt != "TEST-2026-00001" {
			t.Errorf("%s, receipt %q", v.Status(), v.Receipt)
		}
		w.MustHold()
	})
}

func TestMoneyAfterTheEndIsFoundWithoutAWebhook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		for _, after := range []time.Duration{0, 2 * time.Hour} {
			a := w.MustStart(w.Ask(l))
			w.Decide(a, sandbox.Canceled)
			w.MustSync(a)
			w.Pass(after)
			w.Decide(a, sandbox.Paid)
			w.Pass(25 * time.Hour)
			if v := w.View(a); v.State != attempt.Paid {
				t.Errorf("paid %s after its end: %s", after, v.State)
			}
			l = w.MustLink(1)
		}
		w.Pass(100 * time.Hour)
		a := w.MustStart(w.Ask(l))
		w.Decide(a, sandbox.Failed)
		w.MustSync(a)
		w.Pass(26 * time.Hour)
		w.Pass(26 * time.Hour)
		if n := w.Count(`SELECT COUNT(*) FROM attempts WHERE sync_at IS NOT NULL AND state <> 'paid'`); n != 0 {
			t.Errorf("%d ended attempts are looked at for ever", n)
		}
		w.MustHold()
	})
}

func TestPaidStaysPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(2)))
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		if _, err := w.Sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Expired, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("the sandbox took a second outcome: %v", err)
		}
		// Even a provider that changes its mind changes nothing.
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sandbox_payments SET status = 'expired'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.MustSync(a)
		w.Pass(48 * time.Hour)
		w.Expect(a, attempt.Paid, history.StatusPaid)
	})
}

// Webhooks that tell nothing new must not use up the polls that find money whose
// own webhook was lost.
func TestWebhooksWithoutNewsLeaveTheLooksAfterAnEndAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(1)))
		w.Decide(a, sandbox.Canceled)
		w.MustSync(a)
		due := w.Count(`SELECT sync_at FROM attempts`)
		for range 3 {
			w.Report(a, sandbox.Canceled, sandbox.Twice)
		}
		if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NOT NULL`); n == 0 {
			t.Fatal("no webhook came")
		}
		if now := w.Count(`SELECT sync_at FROM attempts`); now != due {
			t.Errorf("the next poll was moved from %d to %d", due, now)
		}
		w.Decide(a, sandbox.Paid)
		w.Pass(2 * time.Hour)
		w.Expect(a, attempt.Paid, history.StatusPaid)
		w.MustHold()
	})
}
