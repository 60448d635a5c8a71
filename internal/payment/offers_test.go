package payment_test

import (
	"context"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
)

// keeps is a waiting list that keeps whatever ends without money for its payer, as long as it
// lasts.
type keeps struct {
	links *link.Links
	lasts bool
}

func (k *keeps) Take(context.Context, *db.Tx, business.ID, link.ID, business.Mode, string, payment.ID, int64) (bool, error) {
	return true, nil
}
func (k *keeps) Pass(context.Context, *db.Tx, payment.Attempt, payment.ID) error { return nil }
func (k *keeps) Return(context.Context, *db.Tx, payment.Attempt) (bool, error)   { return true, nil }
func (k *keeps) Reclaim(ctx context.Context, tx *db.Tx, a payment.Attempt) (bool, error) {
	if !k.lasts {
		return false, nil
	}
	return true, k.links.Release(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity)
}

// Money that comes late takes the place that was kept for its payer, and none that wasn't.
func TestLateMoneyTakesThePlaceThatWasKeptForIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		for lasts, want := range map[bool]payment.Status{true: payment.StatusPaid, false: payment.StatusOverflow} {
			w.payments.Offers = &keeps{w.links, lasts}
			l := w.mustLink(1)
			a := w.mustStart(w.ask(l))
			w.pass(payment.HoldFor + time.Minute)
			if got := w.slots(l); got != (link.Slots{Held: 1}) {
				t.Errorf("kept: %+v", got)
			}
			w.decide(a, sandbox.Paid)
			if v := w.mustSync(a); v.Status() != want || !v.Late() {
				t.Errorf("kept %v: it is %s, late %v", lasts, v.Status(), v.Late())
			}
		}
	})
}
