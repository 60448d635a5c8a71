package payment_test

import (
	"errors"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

var errTimeout = errors.New("time-out")

func TestALostAnswerIsAskedForAgainAndNeverMakesTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(1)
		line.set(func() { line.start = errTimeout })
		r := w.ask(l)
		a := w.mustStart(r)
		if a.CheckoutURL != "" || w.slots(l) != (link.Slots{Held: 1}) {
			t.Fatalf("checkout %q, slots %+v", a.CheckoutURL, w.slots(l))
		}
		w.pass(3 * time.Minute)
		w.expect(a, attempt.Creating, history.StatusOpen)
		line.set(func() { line.start = nil })
		w.pass(5 * time.Minute)
		w.expect(a, attempt.Open, history.StatusOpen)
		if again := w.mustStart(r); again.ID != a.ID || again.CheckoutURL == "" {
			t.Errorf("%s at %q, not %s", again.ID, again.CheckoutURL, a.ID)
		}
		if n := w.count(`SELECT COUNT(*) FROM sandbox_payments`); n != 1 {
			t.Errorf("%d checkouts", n)
		}
		w.mustHold()
	})
}

func TestAnAnswerThatNeverComesIsForAPerson(t *testing.T) {
	w, line := brokenWorld(t, dbtest.SQLite(t))
	l := w.mustLink(1)
	line.set(func() { line.start, line.find = errTimeout, provider.ErrUnknown })
	a := w.mustStart(w.ask(l))
	for range 30 {
		w.pass(time.Hour)
	}
	w.expect(a, attempt.Review, history.StatusReview)
	if got := w.slots(l); got != (link.Slots{Held: 1}) {
		t.Errorf("money may have moved, and the slots are %+v", got)
	}
	if done, err := w.payments.Resolve(t.Context(), a.BusinessID, a.ID, true); !done || err != nil {
		t.Error(done, err)
	}
	if got := w.slots(l); got != (link.Slots{}) {
		t.Errorf("a person gave the slot back, and they are %+v", got)
	}
	w.mustTell(a, attempt.CauseMerchant, payment.ResolvedDetail)
	line.set(func() { line.start, line.find = nil, nil })
	w.mustSync(a) // learns the provider's id now
	var ref string
	if err := w.d.Get(t.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1`, a.ID); err != nil {
		t.Fatal(err)
	}
	a.ProviderRef = ref
	w.decide(a, sandbox.Paid)
	if v := w.mustSync(a); v.Receipt == "" || w.slots(l) != (link.Slots{Used: 1}) {
		t.Errorf("its money turned up: %s, slots %+v", v.State, w.slots(l))
	}
	w.mustHold()
}

func TestALostAttemptIsFoundByItsMetadataWhenKeysAreForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		line.set(func() { line.start, line.find = errTimeout, errTimeout })
		a := w.mustStart(w.ask(w.mustLink(1)))
		var ref string
		if err := w.d.Get(t.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1`, a.ID); err != nil {
			t.Fatal(err)
		}
		a.ProviderRef = ref
		w.decide(a, sandbox.Paid)
		for range 30 {
			w.pass(time.Hour)
		}
		w.expect(a, attempt.Creating, history.StatusOpen) // doubt decides nothing
		line.set(func() { line.find = nil })
		w.pass(2 * time.Hour)
		w.expect(a, attempt.Paid, history.StatusPaid)
		if n := w.count(`SELECT COUNT(*) FROM sandbox_payments`); n != 1 {
			t.Errorf("%d checkouts", n)
		}
		w.mustHold()
	})
}

func TestARefusalGivesTheSlotBackAndStaysRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(1)
		line.set(func() { line.start = provider.ErrRefused })
		if _, err := w.payments.Start(t.Context(), w.ask(l)); !fault.Is(err, fault.Unavailable) {
			t.Errorf("refused: %v", err)
		}
		line.set(func() { line.start = nil })
		views, _, err := w.payments.List(t.Context(), w.business.ID, business.Test, history.Filter{})
		if err != nil || len(views) != 1 {
			t.Fatal(len(views), err)
		}
		w.mustSync(views[0].Attempt) // does not begin it again
		w.expect(views[0].Attempt, attempt.Failed, history.StatusFailed)
		if n := w.count(`SELECT COUNT(*) FROM sandbox_payments`); n != 0 || w.slots(l) != (link.Slots{}) {
			t.Errorf("%d checkouts, slots %+v", n, w.slots(l))
		}
		w.mustHold()
	})
}

func TestWhatWasNotAskedForIsNeverAccepted(t *testing.T) {
	for name, lie := range map[string]func(*provider.Remote){
		"less":      func(r *provider.Remote) { r.Amount.Minor-- },
		"currency":  func(r *provider.Remote) { r.Amount.Currency = "USD" },
		"mode":      func(r *provider.Remote) { r.Mode = business.Live },
		"another's": func(r *provider.Remote) { r.AttemptID = "pay_00000000000000000000000000" },
		"nobody's":  func(r *provider.Remote) { r.AttemptID = "" },
	} {
		t.Run(name, func(t *testing.T) {
			w, line := brokenWorld(t, dbtest.SQLite(t))
			l := w.mustLink(1)
			a := w.mustStart(w.ask(l))
			w.decide(a, sandbox.Paid)
			line.set(func() { line.lie = lie })
			w.mustSync(a)
			w.mustSync(a) // as long as it tells that
			v := w.expect(a, attempt.Review, history.StatusReview)
			if v.Reason == "" {
				t.Error("it does not say why")
			}
			w.mustTell(a, attempt.CauseReturn, v.Reason)
			if n := w.count(`SELECT COUNT(*) FROM payments`); n != 0 {
				t.Error("it was accepted")
			}
		})
	}
}

func TestOneProvidersPaymentIsCountedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(5)
		first, second := w.mustStart(w.ask(l)), w.mustStart(w.ask(l))
		w.decide(first, sandbox.Paid)
		w.mustSync(first)
		line.set(func() { line.lie = func(r *provider.Remote) { r.Ref = first.ProviderRef } })
		if _, err := w.sandbox.Decide(t.Context(), second.ProviderRef, sandbox.Paid, ""); err != nil {
			t.Fatal(err)
		}
		w.settle() // its webhook was heard
		w.expect(second, attempt.Review, history.StatusReview)
		if hooks, _, err := w.payments.Inbox(t.Context(), w.business.ID, history.InboxFilter{}); err != nil || len(hooks) != 1 || hooks[0].State() != history.HookDone {
			t.Errorf("its webhook: %+v, %v", hooks, err)
		}
		line.set(func() { line.lie = nil })
		third := w.mustStart(w.ask(l))
		w.decide(third, sandbox.Paid)
		if v := w.mustSync(third); v.Receipt != "TEST-2026-00002" {
			t.Errorf("receipt %s: what was undone left a gap", v.Receipt)
		}
		if got := w.slots(l); got != (link.Slots{Used: 2, Held: 1}) {
			t.Errorf("slots %+v", got)
		}
		for _, rule := range w.broken() {
			t.Error(rule)
		}
	})
}

func TestASilentOrPuzzlingProviderDecidesNothing(t *testing.T) {
	w, line := brokenWorld(t, dbtest.SQLite(t))
	a := w.mustStart(w.ask(w.mustLink(1)))
	w.decide(a, sandbox.Paid)
	line.set(func() { line.fetch = errTimeout })
	if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); !fault.Is(err, fault.Unavailable) {
		t.Errorf("time-out: %v", err)
	}
	w.pass(4 * time.Minute)
	w.expect(a, attempt.Open, history.StatusOpen)
	line.set(func() { line.fetch, line.lie = nil, func(r *provider.Remote) { r.Status = "quantum" } })
	w.pass(4 * time.Minute)
	w.expect(a, attempt.Open, history.StatusOpen)
	line.set(func() { line.lie = nil })
	w.pass(time.Hour)
	w.expect(a, attempt.Paid, history.StatusPaid)
	w.mustHold()
}

func TestARefundThatFailsIsSeenAndTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(1)
		late := w.mustStart(w.ask(l))
		w.pass(31 * time.Minute)
		w.mustStart(w.ask(l))
		w.decide(late, sandbox.Paid)
		line.set(func() { line.refund = errTimeout })
		if v := w.mustSync(late); !v.RefundFailed() || v.Status() != history.StatusOverflow || !v.Refunded().IsZero() {
			t.Errorf("%s, failed %v, refunded %s", v.Status(), v.RefundFailed(), v.Refunded())
		}
		w.pass(30 * time.Second)
		if n := line.asked[late.ProviderRef]; n != 2 { // when its time was up, and when it was paid
			t.Errorf("it was tried again at once: asked %d times", n)
		}
		line.set(func() { line.refund = nil })
		w.pass(2 * time.Minute)
		if v := w.view(late); v.RefundFailed() || v.Refunded() != late.Amount {
			t.Errorf("failed %v, refunded %s", v.RefundFailed(), v.Refunded())
		}
		if n := w.count(`SELECT refunded_minor FROM sandbox_payments WHERE id = $1`, late.ProviderRef); n != late.Amount.Minor {
			t.Errorf("the provider gave back %d", n)
		}
		w.mustHold()
	})
}

// A process that ends between taking money that came too late and giving it back leaves it to
// the next look, which is soon; what was accepted is left alone for a day.
func TestTooLateMoneyGoesBackWhateverHappensToTheProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		late := w.mustComeTooLate()
		line.set(func() { line.death = "before refund" })
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.payments.Sync(t.Context(), late.BusinessID, late.ID, attempt.CauseReturn) //nolint:errcheck // it ends
		}()
		<-ended
		if v := w.expect(late, attempt.Paid, history.StatusOverflow); !v.Refunded().IsZero() {
			t.Errorf("refunded %s", v.Refunded())
		}
		line.set(func() { clear(line.asked) })
		w.pass(time.Minute)
		if v := w.view(late); v.Refunded() != late.Amount || v.RefundFailed() {
			t.Errorf("refunded %s, failed %v", v.Refunded(), v.RefundFailed())
		}
		delete(line.asked, late.ProviderRef)
		w.pass(20 * time.Hour)
		if delete(line.asked, late.ProviderRef); len(line.asked) > 0 {
			t.Errorf("what was accepted is asked about at once: %v", line.asked)
		}
		w.mustHold()
	})
}
