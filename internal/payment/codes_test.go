package payment_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// with is ask with a code.
func (w *world) with(l link.Link, code string) payment.StartRequest {
	r := w.ask(l)
	r.Code = code
	return r
}

// uses are those of a code in test mode.
func (w *world) uses(c coupon.Code) coupon.WithFigures {
	w.t.Helper()
	now, err := w.coupons.CodeOf(w.t.Context(), w.business, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return now
}

func (w *world) mustUses(c coupon.Code, held, used int64) {
	w.t.Helper()
	if now := w.uses(c); now.Held != held || now.Used != used {
		w.t.Errorf("%s: %d held and %d used, want %d and %d", c.Text, now.Held, now.Used, held, used)
	}
}

func (w *world) mustRefuse(r payment.StartRequest, sentence string) {
	w.t.Helper()
	a, err := w.payments.Start(w.t.Context(), r)
	if !codeRefused(err) || !strings.Contains(err.Error(), sentence) {
		w.t.Errorf("%q became %s: %v", r.Code, a.ID, err)
	}
}

func TestAUseIsHeldUsedAndGivenBackWithItsAttempt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustUnits(50)
		c := w.mustCode("Summer10", 20_00, money.Amount{}, coupon.CodeFields{Max: 1})
		r := w.with(l, "  summer۱٠ ")
		r.Quantity, r.Extras = 3, checkout.Extras{Tip: "5", CoverFee: true}
		a := w.mustStart(r)
		// 147.00 − 29.40 is 117.60; 5 % of it is 5.88, and ⌈(123.48 + 0.25) ÷ 0.985⌉ is 125.62.
		if a.Code != "SUMMER10" || a.Discount != 2940 || a.Tip != 588 || a.Fee != 214 || a.Amount != eur(12562) || a.Parts().List() != 14700 {
			t.Errorf("%+v", a.Parts())
		}
		w.mustUses(c, 1, 0)
		w.mustRefuse(w.with(l, "SUMMER10"), "can't be used here")
		// The same payer with another number keeps their use.
		r.Quantity = 2
		a = w.mustStart(r)
		w.mustUses(c, 1, 0)
		w.decide(a, sandbox.Failed)
		w.mustSync(a)
		w.mustUses(c, 0, 0)
		b := w.mustStart(w.with(l, "SUMMER10"))
		if _, err := w.coupons.EndCode(t.Context(), w.business.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		w.decide(b, sandbox.Paid) // the price was promised
		if v := w.mustSync(b); v.Receipt == "" || v.Late() {
			t.Errorf("%+v", v)
		}
		w.mustUses(c, 0, 1)
		// Money that comes late finds its use gone: the whole goes back, and no slot is taken.
		w.decide(a, sandbox.Paid)
		if v := w.mustSync(a); v.Status() != history.StatusOverflow {
			t.Errorf("late it is %s", v.Status())
		}
		if got := w.units(l); got != (link.Slots{Used: 1}) {
			t.Errorf("%+v", got)
		}
		figures := w.uses(c)
		if len(figures.TakenOff) != 1 || figures.TakenOff[0] != eur(980) || figures.Brought[0] != eur(3920) || figures.Status() != coupon.Ended {
			t.Errorf("%+v", figures)
		}
		w.mustHold()
	})
}

func TestACodeThatCantBeUsedReadsTheSameWhyever(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, other := w.mustLink(0), w.mustLink(0)
		now := d.Clock().Now()
		yesterday, tomorrow := now.Add(-24*time.Hour), now.Add(24*time.Hour)
		w.mustCode("ENDED", 10_00, money.Amount{}, coupon.CodeFields{EndsAt: &yesterday})
		w.mustCode("EARLY", 10_00, money.Amount{}, coupon.CodeFields{StartsAt: &tomorrow})
		w.mustCode("OTHER", 10_00, money.Amount{}, coupon.CodeFields{}, coupon.Fields{Name: "Other", Links: []link.ID{other.ID}})
		w.mustCode("DOLLARS", 0, money.Amount{Minor: 500, Currency: "USD"}, coupon.CodeFields{})
		gone := w.mustCode("GONE", 10_00, money.Amount{}, coupon.CodeFields{})
		if err := w.coupons.Delete(t.Context(), w.business.ID, gone.CouponID); err != nil {
			t.Fatal(err)
		}
		used := w.mustCode("USED", 10_00, money.Amount{}, coupon.CodeFields{Max: 1})
		a := w.mustStart(w.with(l, "USED"))
		w.decide(a, sandbox.Paid)
		w.mustSync(a)
		w.mustUses(used, 0, 1)
		for _, code := range []string{"ENDED", "EARLY", "OTHER", "DOLLARS", "GONE", "USED", "NEVER", "x", strings.Repeat("A", 500)} {
			w.mustRefuse(w.with(l, code), "This code can't be used here. Check the spelling, or pay without it.")
		}
		least := eur(5000)
		w.mustCode("MUCH", 10_00, money.Amount{}, coupon.CodeFields{}, coupon.Fields{Name: "Much", Minimum: &least})
		w.mustRefuse(w.with(l, "MUCH"), "from €50.00 upwards")
		w.mustStart(w.with(other, "OTHER"))
		// An e-mail address is one, however it is written.
		once := w.mustCode("ONCE", 10_00, money.Amount{}, coupon.CodeFields{OncePerEmail: true})
		r := w.with(l, "ONCE")
		r.Payer.Email = "Jonas@Example.com"
		w.mustStart(r)
		r = w.with(l, "ONCE")
		r.Payer.Email = "jonas@example.com"
		w.mustRefuse(r, "can't be used here")
		w.mustUses(once, 1, 0)
		// What payers choose themselves has no codes.
		min, most := eur(1000), eur(9000)
		w.business.Page.PayerAmount = true
		own := w.create(link.Fields{Name: "Own", Amount: &min, PayerAmount: &link.Range{Min: min, Max: most}})
		r = w.with(own, "ONCE")
		w.mustRefuse(r, "can't be used here")
		w.mustHold()
	})
}

func TestATotalOfZeroAsksNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(5)
		c := w.mustCode("GIFT", 100_00, money.Amount{}, coupon.CodeFields{})
		r := w.with(l, "GIFT")
		a := w.mustStart(r)
		if a.State != attempt.Paid || a.Provider != payment.None || !a.Amount.IsZero() || a.CheckoutURL != "" {
			t.Fatalf("%+v", a)
		}
		v := w.expect(a, attempt.Paid, history.StatusPaid)
		if v.Receipt != "TEST-2026-00001" || v.Late() || w.slots(l) != (link.Slots{Used: 1}) || w.count(`SELECT COUNT(*) FROM sandbox_payments`) != 0 || w.count(`SELECT payments FROM link_totals`) != 1 {
			t.Errorf("%+v, slots %+v", v, w.slots(l))
		}
		w.mustUses(c, 0, 1)
		w.pass(40 * 24 * time.Hour) // and nobody is asked about it later
		// One source holds a third at most of the others' slots, paid or not.
		w.moved = 0
		d.Clock().SetOffset(0)
		r = w.with(l, "GIFT")
		r.Attribution.Address = netip.MustParseAddr("192.0.2.1")
		w.mustStart(r)
		again := w.with(l, "GIFT")
		again.Attribution.Address = netip.MustParseAddr("192.0.2.1")
		if _, err := w.payments.Start(t.Context(), again); !fault.Is(err, fault.TooMany) {
			t.Errorf("a second place for nothing: %v", err)
		}
		w.mustHold()
	})
}

// What was free has no money to give back, but its place; that is one refund, with its
// document, as its receipt is one.
func TestAPaymentOfNothingGivesItsPlaceBackOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		c := w.mustCode("GIFT", 100_00, money.Amount{}, coupon.CodeFields{})
		a := w.mustStart(w.with(l, "GIFT"))
		if v := w.expect(a, attempt.Paid, history.StatusPaid); !v.TakesRefunds() {
			t.Error("it can't be canceled")
		}
		if _, err := w.refund(a, payment.RefundRequest{Amount: part(1), ReturnSlot: true}); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than nothing: %v", err)
		}
		var all sync.WaitGroup
		var made atomic.Int64
		for range 4 {
			all.Go(func() {
				switch r, err := w.refund(a, payment.RefundRequest{ReturnSlot: true, Reason: "Ill"}); {
				case err == nil && r.State == provider.RefundDone && r.Amount.IsZero() && r.CreditNote == "TEST-CN-2026-00001":
					made.Add(1)
				case !fault.Is(err, fault.Conflict):
					t.Errorf("%+v, %v", r, err)
				}
			})
		}
		all.Wait()
		v := w.expect(a, attempt.Paid, history.StatusRefunded)
		if made.Load() != 1 || v.TakesRefunds() || w.slots(l) != (link.Slots{}) || !slices.Equal(v.CreditNotes(), []string{"TEST-CN-2026-00001"}) {
			t.Errorf("%d refunds, slots %+v, notes %q", made.Load(), w.slots(l), v.CreditNotes())
		}
		w.mustUses(c, 0, 1) // as of any refund, the use of the code stays
		w.mustTell(a, attempt.CauseMerchant, string(attempt.Refunded))
		page, _, err := w.payments.List(t.Context(), w.business.ID, business.Test, history.Filter{Statuses: []history.Status{history.StatusRefunded}})
		if err != nil || len(page) != 1 {
			t.Errorf("refunded are %d, %v", len(page), err)
		}
		w.mustPay(l)
		w.mustHold()
	})
}

func TestALeastAmountIsLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustParty(t, d, "stripe")
		l := w.mustLink(0)
		w.mustCode("NEARLY", 0, eur(4890), coupon.CodeFields{})
		a := w.mustStart(w.with(l, "NEARLY"))
		if a.Amount != eur(50) || a.Discount != 4850 {
			t.Errorf("%s is left, %d is taken off", a.Amount, a.Discount)
		}
	})
}

// A crowd with one code uses it as often as it can be used.
func TestACodeHoldsUnderConcurrentPayers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(0)
		c := w.mustCode("CROWD", 50_00, money.Amount{}, coupon.CodeFields{Max: 7})
		free := w.mustCode("FREE", 100_00, money.Amount{}, coupon.CodeFields{Max: 7})
		var refused atomic.Int64
		together(500, func(i int) {
			code := []string{"CROWD", "FREE"}[i%2]
			r := w.with(l, code)
			a, err := w.payments.Start(t.Context(), r)
			for err == nil && a.CheckoutURL == "" && a.State != attempt.Paid {
				a, err = w.payments.Start(t.Context(), r)
			}
			if codeRefused(err) {
				refused.Add(1)
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
			if code == "FREE" {
				return
			}
			w.decide(a, sandbox.Paid)
			w.mustSync(a)
		})
		w.settle()
		w.mustUses(c, 0, 7)
		w.mustUses(free, 0, 7)
		if refused.Load() != 500-14 {
			t.Errorf("%d were refused", refused.Load())
		}
		w.mustHold()
	})
}

// Money that comes too late for its place leaves the code as it was.
func TestLateMoneyWithoutAPlaceUsesNoCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		c := w.mustCode("SUMMER10", 10_00, money.Amount{}, coupon.CodeFields{Max: 2})
		late := w.mustStart(w.with(l, "SUMMER10"))
		w.mustUses(c, 1, 0)
		w.pass(attempt.HoldFor + time.Minute)
		w.mustUses(c, 0, 0)
		w.mustPay(l)
		w.decide(late, sandbox.Paid)
		w.mustSync(late)
		w.expect(late, attempt.Paid, history.StatusOverflow)
		w.mustUses(c, 0, 0)
		w.mustHold()
	})
}

// What costs nothing is bounded as what is held: one network leaves the last places to others,
// and an address gets three.
func TestAGiftIsNoOnesAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.mustCode("GIFT", 100_00, money.Amount{}, coupon.CodeFields{})
		got := func(places int64, from func(i int) string, emails ...string) (n int) {
			l := w.mustLink(places)
			for i := range 9 {
				r := w.from(from(i), l)
				r.Code = "GIFT"
				if len(emails) > 0 {
					r.Payer.Email = emails[i%len(emails)]
				}
				if _, ok := w.tries(r); ok {
					n++
				}
			}
			return n
		}
		if n := got(12, func(i int) string { return fmt.Sprintf("198.51.100.%d", i+1) }); n != 6 {
			t.Errorf("one network got %d of twelve", n)
		}
		if n := got(50, func(i int) string { return fmt.Sprintf("203.0.%d.9", i) }, "often@bücher.example", "Often@xn--bcher-kva.example"); n != 3 {
			t.Errorf("one mailbox got %d", n)
		}
	})
}
