package together_test

import (
	"context"
	"sync/atomic"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// Payments that wait together with one that is our mistake are settled all the same.
func TestAPanicIsThatOfOnePaymentAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var bad atomic.Value
		bad.Store(attempt.ID(""))
		holding, release := make(chan struct{}), make(chan struct{})
		var first atomic.Bool
		w := paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
			c.Effects = append(c.Effects, payment.Effect{Name: "panic", Do: func(_ context.Context, _ *db.Tx, s payment.Settlement) error {
				if first.CompareAndSwap(false, true) { // the others gather meanwhile
					close(holding)
					<-release
				}
				for _, p := range s.Payments {
					if p.ID == bad.Load() {
						panic("a mistake")
					}
				}
				return nil
			}})
		})
		l := w.MustLink(0)
		attempts := make([]attempt.Attempt, 9)
		for i := range attempts {
			attempts[i] = w.MustStart(w.Ask(l))
			w.Decide(attempts[i], sandbox.Paid)
		}
		bad.Store(attempts[4].ID)
		var panics, came atomic.Int64
		paymenttest.Together(len(attempts), func(i int) {
			defer func() {
				if recover() != nil {
					panics.Add(1)
					if i != 4 {
						t.Errorf("payment %d panics for another", i)
					}
				}
			}()
			if i > 0 {
				<-holding
			}
			if came.Add(1) == int64(len(attempts)) {
				close(release)
			}
			if _, err := w.Payments.Sync(t.Context(), w.Business.ID, attempts[i].ID, attempt.CauseReturn); err != nil {
				t.Error(err)
			}
		})
		if n := w.Count(`SELECT COUNT(*) FROM payments WHERE status = 'accepted'`); n != int64(len(attempts)-1) {
			t.Errorf("%d of %d payments are settled", n, len(attempts)-1)
		}
		if panics.Load() != 1 {
			t.Errorf("%d panics", panics.Load())
		}
		bad.Store(attempt.ID("")) // the mistake is mended
		if v := w.MustSync(attempts[4]); v.State != attempt.Paid {
			t.Errorf("the payment is %s once it is no mistake any more", v.State)
		}
		w.MustHold()
	})
}
