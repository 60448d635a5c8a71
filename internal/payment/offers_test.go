package payment_test

import (
	"context"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// keeps is a waiting list that keeps whatever ends without money for its payer, as long as it
// lasts.
type keeps struct {
	links *link.Links
	lasts bool
	taken string // the token of the offer
	none  bool   // nothing is kept
}

func (k *keeps) Take(_ context.Context, _ *db.Tx, _ business.ID, _ link.ID, _ business.Mode, token string, _ attempt.ID, _ int64) (bool, error) {
	k.taken = token
	return k.lasts, nil
}
func (k *keeps) Pass(context.Context, *db.Tx, attempt.Attempt, attempt.ID) error { return nil }
func (k *keeps) Return(context.Context, *db.Tx, attempt.Attempt) (bool, error)   { return !k.none, nil }
func (k *keeps) Spend(context.Context, *db.Tx, business.ID, link.ID, business.Mode, string, int64) (bool, error) {
	return false, nil
}
func (k *keeps) Keep(context.Context, *db.Tx, attempt.Attempt) (bool, error) { return false, nil }
func (k *keeps) Postpone(context.Context, *db.Tx, business.ID, link.ID, business.Mode) error {
	return nil
}
func (k *keeps) Reclaim(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	if !k.lasts {
		return false, nil
	}
	return true, k.links.Release(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity)
}

// Money that comes late takes the place that was kept for its payer, and none that wasn't.
func TestLateMoneyTakesThePlaceThatWasKeptForIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		for lasts, want := range map[bool]history.Status{true: history.StatusPaid, false: history.StatusOverflow} {
			w.Payments.Offers = &keeps{links: w.Links, lasts: lasts}
			l := w.MustLink(1)
			a := w.MustStart(w.Ask(l))
			w.Pass(attempt.HoldFor + time.Minute)
			if got := w.Slots(l); got != (link.Slots{Held: 1}) {
				t.Errorf("kept: %+v", got)
			}
			w.Decide(a, sandbox.Paid)
			if v := w.MustSync(a); v.Status() != want || !v.Late() {
				t.Errorf("kept %v: it is %s, late %v", lasts, v.Status(), v.Late())
			}
		}
	})
}

// A place that is kept for nobody is free when its checkout has run out.
func TestAPlaceThatIsKeptForNobodyIsFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		w.Payments.Offers = &keeps{links: w.Links, none: true}
		l := w.MustLink(1)
		w.MustStart(w.Ask(l))
		w.Pass(attempt.HoldFor + time.Minute)
		if got := w.Slots(l); got != (link.Slots{}) {
			t.Errorf("%+v", got)
		}
	})
}

// Who pays for an offer takes what it keeps, as long as it lasts.
func TestAnOfferIsTakenByWhoPaysForIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		k := &keeps{links: w.Links, lasts: true}
		w.Payments.Offers = k
		r := w.Ask(w.MustLink(1))
		r.Offer = "their offer"
		if w.MustStart(r); k.taken != r.Offer {
			t.Errorf("taken: %q", k.taken)
		}
		k.lasts = false
		r = w.Ask(w.MustLink(1))
		r.Offer = "their offer"
		if _, err := w.Payments.Start(t.Context(), r); !fault.Is(err, fault.SlotTaken) {
			t.Errorf("an offer that is over: %v", err)
		}
	})
}
