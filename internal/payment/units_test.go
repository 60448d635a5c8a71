package payment_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

// units are the link's in test mode.
func (w *world) units(l link.Link) link.Slots {
	w.t.Helper()
	now, err := w.links.Get(w.t.Context(), w.business, l.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return now.Units
}

// askFor is ask for so many.
func (w *world) askFor(l link.Link, quantity int64) payment.StartRequest {
	r := w.ask(l)
	r.Quantity = quantity
	return r
}

func TestAPaymentBuysUnits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustUnits(5)
		a := w.mustStart(w.askFor(l, 3))
		if a.Quantity != 3 || a.Unit != eur(4900) || a.Amount != eur(14700) || w.units(l) != (link.Slots{Held: 3}) || w.slots(l) != (link.Slots{Held: 1}) {
			t.Errorf("%d × %s is %s; %+v", a.Quantity, a.Unit, a.Amount, w.units(l))
		}
		var few *link.TooFew
		if _, err := w.payments.Start(t.Context(), w.askFor(l, 3)); !errors.As(err, &few) || few.Left != 2 {
			t.Errorf("three of two: %v", err)
		}
		w.decide(a, sandbox.Paid)
		w.mustSync(a)
		if w.units(l) != (link.Slots{Used: 3}) || w.slots(l) != (link.Slots{Used: 1}) {
			t.Errorf("%+v", w.units(l))
		}
		for _, n := range []int64{0, -1, 11} {
			r := w.askFor(l, n)
			if r.Quantity == 0 {
				continue // one
			}
			if _, err := w.payments.Start(t.Context(), r); n == 11 && !fault.Is(err, fault.Invalid) {
				t.Errorf("%d: %v", n, err)
			}
		}
		w.mustHold()
	})
}

// A changed mind takes as many slots as it asks, and the old ones when it can't.
func TestAChangedNumberTakesItsPlacesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustUnits(6)
		r := w.askFor(l, 2)
		w.mustStart(r)
		r.Quantity = 5
		if a := w.mustStart(r); a.Quantity != 5 || w.units(l) != (link.Slots{Held: 5}) {
			t.Errorf("%+v", w.units(l))
		}
		r.Quantity = 7
		var few *link.TooFew
		if _, err := w.payments.Start(t.Context(), r); !errors.As(err, &few) || few.Left != 6 || w.units(l) != (link.Slots{Held: 5}) {
			t.Errorf("%v; %+v", err, w.units(l))
		}
		r.Quantity = 1
		w.mustStart(r)
		if w.units(l) != (link.Slots{Held: 1}) || w.slots(l) != (link.Slots{Held: 1}) {
			t.Errorf("%+v", w.units(l))
		}
		w.mustHold()
	})
}

// Overflow is of a whole payment, never of a part.
func TestUnitsThatDontFitGoBackAsAWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustUnits(5)
		late := w.mustStart(w.askFor(l, 3))
		w.decide(late, sandbox.Expired)
		w.mustSync(late)
		other := w.mustStart(w.askFor(l, 4))
		w.decide(other, sandbox.Paid)
		w.mustSync(other)
		w.decide(late, sandbox.Paid)
		if v := w.mustSync(late); v.Status() != history.StatusOverflow && v.Status() != history.StatusRefunded || v.Refunded() != eur(14700) {
			t.Errorf("it is %s, and %s went back", v.Status(), v.Refunded())
		}
		if w.units(l) != (link.Slots{Used: 4}) {
			t.Errorf("%+v", w.units(l))
		}
		w.mustHold()
	})
}

func TestARefundFreesSomeOfTheUnits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustUnits(4)
		a := w.mustStart(w.askFor(l, 4))
		w.decide(a, sandbox.Paid)
		w.mustSync(a)
		if _, err := w.refund(a, payment.RefundRequest{Amount: part(100), ReturnUnits: 5}); !fault.Is(err, fault.Invalid) {
			t.Errorf("five of four: %v", err)
		}
		w.mustRefund(a, payment.RefundRequest{Amount: part(4900), ReturnUnits: 1})
		if w.units(l) != (link.Slots{Used: 3}) || w.slots(l) != (link.Slots{Used: 1}) {
			t.Errorf("%+v, %+v", w.units(l), w.slots(l))
		}
		w.mustRefund(a, payment.RefundRequest{ReturnUnits: 3})
		if w.units(l) != (link.Slots{}) || w.slots(l) != (link.Slots{}) {
			t.Errorf("%+v, %+v", w.units(l), w.slots(l))
		}
		w.mustHold()
	})
}

// A crowd that wants 1 to 10 each gets no more than there is, and leaves fewer than the
// smallest refused order.
func TestACrowdNeverGetsMoreUnitsThanThereAre(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) { c.Limits = false })
		l := w.mustUnits(100)
		var sold atomic.Int64
		var crowd sync.WaitGroup
		for i := range 60 {
			crowd.Go(func() {
				a, err := w.payments.Start(t.Context(), w.askFor(l, int64(i%10)+1))
				if fault.Is(err, fault.SlotTaken) || fault.Is(err, fault.LimitReached) || fault.Is(err, fault.Invalid) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				w.decide(a, sandbox.Paid)
				if w.mustSync(a).Receipt != "" {
					sold.Add(a.Quantity)
				}
			})
		}
		crowd.Wait()
		if got := w.units(l); got.Held != 0 || got.Used != sold.Load() || got.Used > 100 || got.Used < 91 {
			t.Errorf("%d were sold, the row says %+v", sold.Load(), got)
		}
		w.mustHold()
	})
}

// A refund takes of its part; without a word of the goods first, then of the fee, then of
// the tip.
func TestARefundSaysOfWhichPart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		r := w.askFor(w.mustUnits(5), 2)
		r.Extras = checkout.Extras{Tip: "10", CoverFee: true} // 98.00 + 9.80 + 1.90
		a := w.mustStart(r)
		if a.Tip != 980 || a.Fee != 190 || a.Amount != eur(10970) {
			t.Fatalf("%d + %d of %s", a.Tip, a.Fee, a.Amount)
		}
		w.decide(a, sandbox.Paid)
		w.mustSync(a)
		if _, err := w.refund(a, payment.RefundRequest{Amount: part(981), Part: checkout.TipLine}); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than the tip: %v", err)
		}
		if made := w.mustRefund(a, payment.RefundRequest{Part: checkout.TipLine}); made.Amount != eur(980) {
			t.Errorf("the tip is %s", made.Amount)
		}
		w.mustRefund(a, payment.RefundRequest{Amount: part(9900)}) // the goods, and 1.00 of the fee
		if made := w.mustRefund(a, payment.RefundRequest{Part: checkout.FeeLine}); made.Amount != eur(90) {
			t.Errorf("the rest of the fee is %s", made.Amount)
		}
		if _, err := w.refund(a, payment.RefundRequest{Amount: part(1), Part: checkout.GoodsLine}); err == nil {
			t.Error("goods were refunded twice")
		}
		w.expect(a, attempt.Paid, history.StatusRefunded)
		w.mustHold()
	})
}
