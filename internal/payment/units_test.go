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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

func TestAPaymentBuysUnits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustUnits(5)
		a := w.MustStart(w.AskUnits(l, 3))
		if a.Quantity != 3 || a.Unit != paymenttest.Eur(4900) || a.Amount != paymenttest.Eur(14700) || w.Units(l) != (link.Slots{Held: 3}) || w.Slots(l) != (link.Slots{Held: 1}) {
			t.Errorf("%d × %s is %s; %+v", a.Quantity, a.Unit, a.Amount, w.Units(l))
		}
		var few *link.TooFew
		if _, err := w.Payments.Start(t.Context(), w.AskUnits(l, 3)); !errors.As(err, &few) || few.Left != 2 {
			t.Errorf("three of two: %v", err)
		}
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		if w.Units(l) != (link.Slots{Used: 3}) || w.Slots(l) != (link.Slots{Used: 1}) {
			t.Errorf("%+v", w.Units(l))
		}
		for _, n := range []int64{0, -1, 11} {
			r := w.AskUnits(l, n)
			if r.Quantity == 0 {
				continue // one
			}
			if _, err := w.Payments.Start(t.Context(), r); n == 11 && !fault.Is(err, fault.Invalid) {
				t.Errorf("%d: %v", n, err)
			}
		}
		w.MustHold()
	})
}

// A changed mind takes as many slots as it asks, and the old ones when it can't.
func TestAChangedNumberTakesItsPlacesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustUnits(6)
		r := w.AskUnits(l, 2)
		w.MustStart(r)
		r.Quantity = 5
		if a := w.MustStart(r); a.Quantity != 5 || w.Units(l) != (link.Slots{Held: 5}) {
			t.Errorf("%+v", w.Units(l))
		}
		r.Quantity = 7
		var few *link.TooFew
		if _, err := w.Payments.Start(t.Context(), r); !errors.As(err, &few) || few.Left != 6 || w.Units(l) != (link.Slots{Held: 5}) {
			t.Errorf("%v; %+v", err, w.Units(l))
		}
		r.Quantity = 1
		w.MustStart(r)
		if w.Units(l) != (link.Slots{Held: 1}) || w.Slots(l) != (link.Slots{Held: 1}) {
			t.Errorf("%+v", w.Units(l))
		}
		w.MustHold()
	})
}

// Overflow is of a whole payment, never of a part.
func TestUnitsThatDontFitGoBackAsAWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustUnits(5)
		late := w.MustStart(w.AskUnits(l, 3))
		w.Decide(late, sandbox.Expired)
		w.MustSync(late)
		other := w.MustStart(w.AskUnits(l, 4))
		w.Decide(other, sandbox.Paid)
		w.MustSync(other)
		w.Decide(late, sandbox.Paid)
		if v := w.MustSync(late); v.Status() != history.StatusOverflow && v.Status() != history.StatusRefunded || v.Refunded() != paymenttest.Eur(14700) {
			t.Errorf("it is %s, and %s went back", v.Status(), v.Refunded())
		}
		if w.Units(l) != (link.Slots{Used: 4}) {
			t.Errorf("%+v", w.Units(l))
		}
		w.MustHold()
	})
}

func TestARefundFreesSomeOfTheUnits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustUnits(4)
		a := w.MustStart(w.AskUnits(l, 4))
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		if _, err := w.Refund(a, payment.RefundRequest{Amount: paymenttest.Part(100), ReturnUnits: 5}); !fault.Is(err, fault.Invalid) {
			t.Errorf("five of four: %v", err)
		}
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(4900), ReturnUnits: 1})
		if w.Units(l) != (link.Slots{Used: 3}) || w.Slots(l) != (link.Slots{Used: 1}) {
			t.Errorf("%+v, %+v", w.Units(l), w.Slots(l))
		}
		w.MustRefund(a, payment.RefundRequest{ReturnUnits: 3})
		if w.Units(l) != (link.Slots{}) || w.Slots(l) != (link.Slots{}) {
			t.Errorf("%+v, %+v", w.Units(l), w.Slots(l))
		}
		w.MustHold()
	})
}

// A crowd that wants 1 to 10 each gets no more than there is, and leaves fewer than the
// smallest refused order.
func TestACrowdNeverGetsMoreUnitsThanThereAre(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) { c.Limits = false })
		l := w.MustUnits(100)
		var sold atomic.Int64
		var crowd sync.WaitGroup
		for i := range 60 {
			crowd.Go(func() {
				a, err := w.Payments.Start(t.Context(), w.AskUnits(l, int64(i%10)+1))
				if fault.Is(err, fault.SlotTaken) || fault.Is(err, fault.LimitReached) || fault.Is(err, fault.Invalid) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				w.Decide(a, sandbox.Paid)
				if w.MustSync(a).Receipt != "" {
					sold.Add(a.Quantity)
				}
			})
		}
		crowd.Wait()
		if got := w.Units(l); got.Held != 0 || got.Used != sold.Load() || got.Used > 100 || got.Used < 91 {
			t.Errorf("%d were sold, the row says %+v", sold.Load(), got)
		}
		w.MustHold()
	})
}

// A refund takes of its part; without a word of the goods first, then of the fee, then of
// the tip.
func TestARefundSaysOfWhichPart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		r := w.AskUnits(w.MustUnits(5), 2)
		r.Extras = checkout.Extras{Tip: "10", CoverFee: true} // 98.00 + 9.80 + 1.90
		a := w.MustStart(r)
		if a.Tip != 980 || a.Fee != 190 || a.Amount != paymenttest.Eur(10970) {
			t.Fatalf("%d + %d of %s", a.Tip, a.Fee, a.Amount)
		}
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		if _, err := w.Refund(a, payment.RefundRequest{Amount: paymenttest.Part(981), Part: checkout.TipLine}); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than the tip: %v", err)
		}
		if made := w.MustRefund(a, payment.RefundRequest{Part: checkout.TipLine}); made.Amount != paymenttest.Eur(980) {
			t.Errorf("the tip is %s", made.Amount)
		}
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(9900)}) // the goods, and 1.00 of the fee
		if made := w.MustRefund(a, payment.RefundRequest{Part: checkout.FeeLine}); made.Amount != paymenttest.Eur(90) {
			t.Errorf("the rest of the fee is %s", made.Amount)
		}
		if _, err := w.Refund(a, payment.RefundRequest{Amount: paymenttest.Part(1), Part: checkout.GoodsLine}); err == nil {
			t.Error("goods were refunded twice")
		}
		w.Expect(a, attempt.Paid, history.StatusRefunded)
		w.MustHold()
	})
}
