package payment_test

import (
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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

func TestALostAnswerIsAskedForAgainAndNeverMakesTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(1)
		line.Set(func() { line.StartErr = paymenttest.ErrTimeout })
		r := w.Ask(l)
		a := w.MustStart(r)
		if a.CheckoutURL != "" || w.Slots(l) != (link.Slots{Held: 1}) {
			t.Fatalf("checkout %q, slots %+v", a.CheckoutURL, w.Slots(l))
		}
		w.Pass(3 * time.Minute)
		w.Expect(a, attempt.Creating, history.StatusOpen)
		line.Set(func() { line.StartErr = nil })
		w.Pass(5 * time.Minute)
		w.Expect(a, attempt.Open, history.StatusOpen)
		if again := w.MustStart(r); again.ID != a.ID || again.CheckoutURL == "" {
			t.Errorf("%s at %q, not %s", again.ID, again.CheckoutURL, a.ID)
		}
		if n := w.Count(`SELECT COUNT(*) FROM sandbox_payments`); n != 1 {
			t.Errorf("%d checkouts", n)
		}
		w.MustHold()
	})
}

func TestAnAnswerThatNeverComesIsForAPerson(t *testing.T) {
	w, line := paymenttest.BrokenWorld(t, dbtest.SQLite(t))
	l := w.MustLink(1)
	line.Set(func() { line.StartErr, line.FindErr = paymenttest.ErrTimeout, provider.ErrUnknown })
	a := w.MustStart(w.Ask(l))
	for range 30 {
		w.Pass(time.Hour)
	}
	w.Expect(a, attempt.Review, history.StatusReview)
	if got := w.Slots(l); got != (link.Slots{Held: 1}) {
		t.Errorf("money may have moved, and the slots are %+v", got)
	}
	if done, err := w.Payments.Resolve(t.Context(), a.BusinessID, a.ID, true); !done || err != nil {
		t.Error(done, err)
	}
	if got := w.Slots(l); got != (link.Slots{}) {
		t.Errorf("a person gave the slot back, and they are %+v", got)
	}
	w.MustTell(a, attempt.CauseMerchant, payment.ResolvedDetail)
	line.Set(func() { line.StartErr, line.FindErr = nil, nil })
	w.MustSync(a) // learns the provider's id now
	var ref string
	if err := w.DB.Get(t.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1`, a.ID); err != nil {
		t.Fatal(err)
	}
	a.ProviderRef = ref
	w.Decide(a, sandbox.Paid)
	if v := w.MustSync(a); v.Receipt == "" || w.Slots(l) != (link.Slots{Used: 1}) {
		t.Errorf("its money turned up: %s, slots %+v", v.State, w.Slots(l))
	}
	w.MustHold()
}

func TestALostAttemptIsFoundByItsMetadataWhenKeysAreForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		line.Set(func() { line.StartErr, line.FindErr = paymenttest.ErrTimeout, paymenttest.ErrTimeout })
		a := w.MustStart(w.Ask(w.MustLink(1)))
		var ref string
		if err := w.DB.Get(t.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1`, a.ID); err != nil {
			t.Fatal(err)
		}
		a.ProviderRef = ref
		w.Decide(a, sandbox.Paid)
		for range 30 {
			w.Pass(time.Hour)
		}
		w.Expect(a, attempt.Creating, history.StatusOpen) // doubt decides nothing
		line.Set(func() { line.FindErr = nil })
		w.Pass(2 * time.Hour)
		w.Expect(a, attempt.Paid, history.StatusPaid)
		if n := w.Count(`SELECT COUNT(*) FROM sandbox_payments`); n != 1 {
			t.Errorf("%d checkouts", n)
		}
		w.MustHold()
	})
}

func TestARefusalGivesTheSlotBackAndStaysRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(1)
		line.Set(func() { line.StartErr = provider.ErrRefused })
		if _, err := w.Payments.Start(t.Context(), w.Ask(l)); !fault.Is(err, fault.Unavailable) {
			t.Errorf("refused: %v", err)
		}
		line.Set(func() { line.StartErr = nil })
		views, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, history.Filter{})
		if err != nil || len(views) != 1 {
			t.Fatal(len(views), err)
		}
		w.MustSync(views[0].Attempt) // does not begin it again
		w.Expect(views[0].Attempt, attempt.Failed, history.StatusFailed)
		if n := w.Count(`SELECT COUNT(*) FROM sandbox_payments`); n != 0 || w.Slots(l) != (link.Slots{}) {
			t.Errorf("%d checkouts, slots %+v", n, w.Slots(l))
		}
		w.MustHold()
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
			w, line := paymenttest.BrokenWorld(t, dbtest.SQLite(t))
			l := w.MustLink(1)
			a := w.MustStart(w.Ask(l))
			w.Decide(a, sandbox.Paid)
			line.Set(func() { line.Lie = lie })
			w.MustSync(a)
			w.MustSync(a) // as long as it tells that
			v := w.Expect(a, attempt.Review, history.StatusReview)
			if v.Reason == "" {
				t.Error("it does not say why")
			}
			w.MustTell(a, attempt.CauseReturn, v.Reason)
			if n := w.Count(`SELECT COUNT(*) FROM payments`); n != 0 {
				t.Error("it was accepted")
			}
		})
	}
}

func TestOneProvidersPaymentIsCountedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(5)
		first, second := w.MustStart(w.Ask(l)), w.MustStart(w.Ask(l))
		w.Decide(first, sandbox.Paid)
		w.MustSync(first)
		line.Set(func() { line.Lie = func(r *provider.Remote) { r.Ref = first.ProviderRef } })
		if _, err := w.Sandbox.Decide(t.Context(), second.ProviderRef, sandbox.Paid, ""); err != nil {
			t.Fatal(err)
		}
		w.Settle() // its webhook was heard
		w.Expect(second, attempt.Review, history.StatusReview)
		if hooks, _, err := w.Payments.Inbox(t.Context(), w.Business.ID, history.InboxFilter{}); err != nil || len(hooks) != 1 || hooks[0].State() != history.HookDone {
			t.Errorf("its webhook: %+v, %v", hooks, err)
		}
		line.Set(func() { line.Lie = nil })
		third := w.MustStart(w.Ask(l))
		w.Decide(third, sandbox.Paid)
		if v := w.MustSync(third); v.Receipt != "TEST-2026-00002" {
			t.Errorf("receipt %s: what was undone left a gap", v.Receipt)
		}
		if got := w.Slots(l); got != (link.Slots{Used: 2, Held: 1}) {
			t.Errorf("slots %+v", got)
		}
		for _, rule := range w.Broken() {
			t.Error(rule)
		}
	})
}

func TestASilentOrPuzzlingProviderDecidesNothing(t *testing.T) {
	w, line := paymenttest.BrokenWorld(t, dbtest.SQLite(t))
	a := w.MustStart(w.Ask(w.MustLink(1)))
	w.Decide(a, sandbox.Paid)
	line.Set(func() { line.FetchErr = paymenttest.ErrTimeout })
	if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); !fault.Is(err, fault.Unavailable) {
		t.Errorf("time-out: %v", err)
	}
	w.Pass(4 * time.Minute)
	w.Expect(a, attempt.Open, history.StatusOpen)
	line.Set(func() { line.FetchErr, line.Lie = nil, func(r *provider.Remote) { r.Status = "quantum" } })
	w.Pass(4 * time.Minute)
	w.Expect(a, attempt.Open, history.StatusOpen)
	line.Set(func() { line.Lie = nil })
	w.Pass(time.Hour)
	w.Expect(a, attempt.Paid, history.StatusPaid)
	w.MustHold()
}

func TestARefundThatFailsIsSeenAndTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(1)
		late := w.MustStart(w.Ask(l))
		w.Pass(31 * time.Minute)
		w.MustStart(w.Ask(l))
		w.Decide(late, sandbox.Paid)
		line.Set(func() { line.RefundErr = paymenttest.ErrTimeout })
		if v := w.MustSync(late); !v.RefundFailed() || v.Status() != history.StatusOverflow || !v.Refunded().IsZero() {
			t.Errorf("%s, failed %v, refunded %s", v.Status(), v.RefundFailed(), v.Refunded())
		}
		w.Pass(30 * time.Second)
		if n := line.Asked[late.ProviderRef]; n != 2 { // when its time was up, and when it was paid
			t.Errorf("it was tried again at once: asked %d times", n)
		}
		line.Set(func() { line.RefundErr = nil })
		w.Pass(2 * time.Minute)
		if v := w.View(late); v.RefundFailed() || v.Refunded() != late.Amount {
			t.Errorf("failed %v, refunded %s", v.RefundFailed(), v.Refunded())
		}
		if n := w.Count(`SELECT refunded_minor FROM sandbox_payments WHERE id = $1`, late.ProviderRef); n != late.Amount.Minor {
			t.Errorf("the provider gave back %d", n)
		}
		w.MustHold()
	})
}

// A process that ends between taking money that came too late and giving it back leaves it to
// the next look, which is soon; what was accepted is left alone for a day.
func TestTooLateMoneyGoesBackWhateverHappensToTheProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		late := w.MustComeTooLate()
		line.Set(func() { line.Death = "before refund" })
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.Payments.Sync(t.Context(), late.BusinessID, late.ID, attempt.CauseReturn) //nolint:errcheck // it ends
		}()
		<-ended
		if v := w.Expect(late, attempt.Paid, history.StatusOverflow); !v.Refunded().IsZero() {
			t.Errorf("refunded %s", v.Refunded())
		}
		line.Set(func() { clear(line.Asked) })
		w.Pass(time.Minute)
		if v := w.View(late); v.Refunded() != late.Amount || v.RefundFailed() {
			t.Errorf("refunded %s, failed %v", v.Refunded(), v.RefundFailed())
		}
		delete(line.Asked, late.ProviderRef)
		w.Pass(20 * time.Hour)
		if delete(line.Asked, late.ProviderRef); len(line.Asked) > 0 {
			t.Errorf("what was accepted is asked about at once: %v", line.Asked)
		}
		w.MustHold()
	})
}
