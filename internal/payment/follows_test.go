package payment_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// followed is what the other rooms heard, in its order.
type followed struct {
	kinds []string
	taken [][2]int64 // places and units of the link, with each payment
}

// following makes a world that writes down what follows its payments.
func following(t *testing.T, d *db.DB) (*paymenttest.World, *followed) {
	f := &followed{}
	hear := func(of string, a attempt.Attempt) {
		f.kinds = append(f.kinds, of+" "+string(a.State))
	}
	return paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
		c.OnPending = func(_ context.Context, _ *db.Tx, a attempt.Attempt) error { hear("moves", a); return nil }
		c.Ends = append(c.Ends, payment.End{Name: "hear", Do: func(_ context.Context, _ *db.Tx, a attempt.Attempt) error { hear("ends", a); return nil }})
		c.Effects = append(c.Effects, payment.Effect{Name: "hear", Do: func(_ context.Context, _ *db.Tx, s payment.Settlement) error {
			for _, p := range s.Payments {
				f.taken = append(f.taken, [2]int64{p.Slots.Consumed, p.Slots.ConsumedUnits})
			}
			return nil
		}})
		c.Reactions = append(c.Reactions, payment.Reaction{Name: "hear", Do: func(_ context.Context, _ *db.Tx, m payment.Movement) error {
			f.kinds = append(f.kinds, string(m.Kind))
			return nil
		}})
	}), f
}

func (f *followed) mustBe(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(f.kinds, want) {
		t.Errorf("what followed is %q, want %q", f.kinds, want)
	}
	f.kinds = nil
}

// Each step of a payment is followed by what hangs on it, once.
func TestEachStepIsFollowedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, f := following(t, d)
		l := w.MustUnits(20)
		come := func(a attempt.Attempt, outcomes ...sandbox.Outcome) {
			for _, o := range outcomes {
				w.Decide(a, o)
				for range 2 { // the second time there is no news
					if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		come(w.MustStart(w.AskUnits(l, 2)), sandbox.Pending, sandbox.Failed)
		f.mustBe(t, "moves pending", "ends failed")
		paid, disputed := w.MustStart(w.AskUnits(l, 3)), w.MustStart(w.AskUnits(l, 1))
		come(paid, sandbox.Paid)
		come(disputed, sandbox.Paid)
		if want := [][2]int64{{1, 3}, {2, 4}}; !slices.Equal(f.taken, want) {
			t.Errorf("taken %+v, want %+v", f.taken, want)
		}
		w.MustRefund(paid, payment.RefundRequest{Amount: paymenttest.Part(900)})
		w.MustTell(paid, attempt.CauseMerchant, string(attempt.PartiallyRefunded))
		w.MustRefund(paid, payment.RefundRequest{})
		w.MustTell(paid, attempt.CauseMerchant, string(attempt.Refunded))
		come(disputed, sandbox.Disputed)
		f.mustBe(t, string(payment.MoneyRefunded), string(payment.MoneyRefunded), string(payment.DisputeOpened))
		w.MustHold()
	})
}

// Money that went back in vain is told once.
func TestARefundThatFailsIsFollowed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, f := following(t, d)
		l := w.MustLink(1)
		late := w.MustStart(w.Ask(l))
		w.Pass(31 * time.Minute)
		w.MustStart(w.Ask(l))
		if _, err := w.Sandbox.Decide(t.Context(), late.ProviderRef, sandbox.Paid, sandbox.RefundsFail); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		w.MustSync(late)
		f.mustBe(t, "ends released", string(payment.RefundStuck))
	})
}

// A payer who paid late becomes a customer as any other, and a sweep counts what it did.
// After some months nobody looks at a payment any more.
func TestALatePayerBecomesACustomerAndIsLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(0)))
		d.Clock().SetOffset(31 * time.Minute)
		for _, want := range []int{1, 0} {
			if n, err := w.Payments.SweepDue(t.Context()); err != nil || n < want || want == 0 && n > 0 {
				t.Errorf("the sweep did %d, %v", n, err)
			}
		}
		w.Expect(a, attempt.Released, history.StatusExpired)
		w.Decide(a, sandbox.Paid)
		if v := w.MustSync(a); v.CustomerID == "" {
			t.Error("who paid late is nobody")
		}
		w.Moved = 31 * time.Minute
		for range 6 {
			w.Pass(61 * 24 * time.Hour)
		}
		if n := w.Count(`SELECT COUNT(*) FROM attempts WHERE sync_at IS NOT NULL`); n != 0 {
			t.Errorf("%d are looked at still", n)
		}
	})
}
