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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// uses are those of a code in test mode.
func uses(w *paymenttest.World, c coupon.Code) coupon.WithFigures {
	w.T.Helper()
	now, err := w.Coupons.CodeOf(w.T.Context(), w.Business, c.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return now
}

func mustUses(w *paymenttest.World, c coupon.Code, held, used int64) {
	w.T.Helper()
	if now := uses(w, c); now.Held != held || now.Used != used {
		w.T.Errorf("%s: %d held and %d used, want %d and %d", c.Text, now.Held, now.Used, held, used)
	}
}

func mustRefuse(w *paymenttest.World, r payment.StartRequest, sentence string) {
	w.T.Helper()
	a, err := w.Payments.Start(w.T.Context(), r)
	if !paymenttest.CodeRefused(err) || !strings.Contains(err.Error(), sentence) {
		w.T.Errorf("%q became %s: %v", r.Code, a.ID, err)
	}
}

func TestAUseIsHeldUsedAndGivenBackWithItsAttempt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustUnits(50)
		c := w.MustCode("Summer10", 20_00, money.Amount{}, coupon.CodeFields{Max: 1})
		r := w.AskWith(l, "  summer۱٠ ")
		r.Quantity, r.Extras = 3, checkout.Extras{Tip: "5", CoverFee: true}
		a := w.MustStart(r)
		// 147.00 − 29.40 is 117.60; 5 % of it is 5.88, and ⌈(123.48 + 0.25) ÷ 0.985⌉ is 125.62.
		if a.Code != "SUMMER10" || a.Discount != 2940 || a.Tip != 588 || a.Fee != 214 || a.Amount != paymenttest.Eur(12562) || a.Parts().List() != 14700 {
			t.Errorf("%+v", a.Parts())
		}
		mustUses(w, c, 1, 0)
		mustRefuse(w, w.AskWith(l, "SUMMER10"), "can't be used here")
		// The same payer with another number keeps their use.
		r.Quantity = 2
		a = w.MustStart(r)
		mustUses(w, c, 1, 0)
		w.Decide(a, sandbox.Failed)
		w.MustSync(a)
		mustUses(w, c, 0, 0)
		b := w.MustStart(w.AskWith(l, "SUMMER10"))
		if _, err := w.Coupons.EndCode(t.Context(), w.Business.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		w.Decide(b, sandbox.Paid) // the price was promised
		if v := w.MustSync(b); v.Receipt == "" || v.Late() {
			t.Errorf("%+v", v)
		}
		mustUses(w, c, 0, 1)
		// Money that comes late finds its use gone: the whole goes back, and no slot is taken.
		w.Decide(a, sandbox.Paid)
		if v := w.MustSync(a); v.Status() != history.StatusOverflow {
			t.Errorf("late it is %s", v.Status())
		}
		if got := w.Units(l); got != (link.Slots{Used: 1}) {
			t.Errorf("%+v", got)
		}
		figures := uses(w, c)
		if len(figures.TakenOff) != 1 || figures.TakenOff[0] != paymenttest.Eur(980) || figures.Brought[0] != paymenttest.Eur(3920) || figures.Status() != coupon.Ended {
			t.Errorf("%+v", figures)
		}
		w.MustHold()
	})
}

func TestACodeThatCantBeUsedReadsTheSameWhyever(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l, other := w.MustLink(0), w.MustLink(0)
		now := d.Clock().Now()
		yesterday, tomorrow := now.Add(-24*time.Hour), now.Add(24*time.Hour)
		w.MustCode("ENDED", 10_00, money.Amount{}, coupon.CodeFields{EndsAt: &yesterday})
		w.MustCode("EARLY", 10_00, money.Amount{}, coupon.CodeFields{StartsAt: &tomorrow})
		w.MustCode("OTHER", 10_00, money.Amount{}, coupon.CodeFields{}, coupon.Fields{Name: "Other", Links: []link.ID{other.ID}})
		w.MustCode("DOLLARS", 0, money.Amount{Minor: 500, Currency: "USD"}, coupon.CodeFields{})
		gone := w.MustCode("GONE", 10_00, money.Amount{}, coupon.CodeFields{})
		if err := w.Coupons.Delete(t.Context(), w.Business.ID, gone.CouponID); err != nil {
			t.Fatal(err)
		}
		used := w.MustCode("USED", 10_00, money.Amount{}, coupon.CodeFields{Max: 1})
		a := w.MustStart(w.AskWith(l, "USED"))
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		mustUses(w, used, 0, 1)
		for _, code := range []string{"ENDED", "EARLY", "OTHER", "DOLLARS", "GONE", "USED", "NEVER", "x", strings.Repeat("A", 500)} {
			mustRefuse(w, w.AskWith(l, code), "This code can't be used here. Check the spelling, or pay without it.")
		}
		least := paymenttest.Eur(5000)
		w.MustCode("MUCH", 10_00, money.Amount{}, coupon.CodeFields{}, coupon.Fields{Name: "Much", Minimum: &least})
		mustRefuse(w, w.AskWith(l, "MUCH"), "from €50.00 upwards")
		w.MustStart(w.AskWith(other, "OTHER"))
		// An e-mail address is one, however it is written.
		once := w.MustCode("ONCE", 10_00, money.Amount{}, coupon.CodeFields{OncePerEmail: true})
		r := w.AskWith(l, "ONCE")
		r.Payer.Email = "Jonas@Example.com"
		w.MustStart(r)
		r = w.AskWith(l, "ONCE")
		r.Payer.Email = "jonas@example.com"
		mustRefuse(w, r, "can't be used here")
		mustUses(w, once, 1, 0)
		// What payers choose themselves has no codes.
		min, most := paymenttest.Eur(1000), paymenttest.Eur(9000)
		w.Business.Page.PayerAmount = true
		own := w.Create(link.Fields{Name: "Own", Amount: &min, PayerAmount: &link.Range{Min: min, Max: most}})
		r = w.AskWith(own, "ONCE")
		mustRefuse(w, r, "can't be used here")
		w.MustHold()
	})
}

func TestATotalOfZeroAsksNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(5)
		c := w.MustCode("GIFT", 100_00, money.Amount{}, coupon.CodeFields{})
		r := w.AskWith(l, "GIFT")
		a := w.MustStart(r)
		if a.State != attempt.Paid || a.Provider != payment.None || !a.Amount.IsZero() || a.CheckoutURL != "" {
			t.Fatalf("%+v", a)
		}
		v := w.Expect(a, attempt.Paid, history.StatusPaid)
		if v.Receipt != "TEST-2026-00001" || v.Late() || w.Slots(l) != (link.Slots{Used: 1}) || w.Count(`SELECT COUNT(*) FROM sandbox_payments`) != 0 || w.Count(`SELECT payments FROM link_totals`) != 1 {
			t.Errorf("%+v, slots %+v", v, w.Slots(l))
		}
		mustUses(w, c, 0, 1)
		w.Pass(40 * 24 * time.Hour) // and nobody is asked about it later
		// One source holds a third at most of the others' slots, paid or not.
		w.Moved = 0
		d.Clock().SetOffset(0)
		r = w.AskWith(l, "GIFT")
		r.Attribution.Address = netip.MustParseAddr("192.0.2.1")
		w.MustStart(r)
		again := w.AskWith(l, "GIFT")
		again.Attribution.Address = netip.MustParseAddr("192.0.2.1")
		if _, err := w.Payments.Start(t.Context(), again); !fault.Is(err, fault.TooMany) {
			t.Errorf("a second place for nothing: %v", err)
		}
		w.MustHold()
	})
}

// What was free has no money to give back, but its place; that is one refund, with its
// document, as its receipt is one.
func TestAPaymentOfNothingGivesItsPlaceBackOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		c := w.MustCode("GIFT", 100_00, money.Amount{}, coupon.CodeFields{})
		a := w.MustStart(w.AskWith(l, "GIFT"))
		if v := w.Expect(a, attempt.Paid, history.StatusPaid); !v.TakesRefunds() {
			t.Error("it can't be canceled")
		}
		if _, err := w.Refund(a, payment.RefundRequest{Amount: paymenttest.Part(1), ReturnSlot: true}); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than nothing: %v", err)
		}
		var all sync.WaitGroup
		var made atomic.Int64
		for range 4 {
			all.Go(func() {
				switch r, err := w.Refund(a, payment.RefundRequest{ReturnSlot: true, Reason: "Ill"}); {
				case err == nil && r.State == provider.RefundDone && r.Amount.IsZero() && r.CreditNote == "TEST-CN-2026-00001":
					made.Add(1)
				case !fault.Is(err, fault.Conflict):
					t.Errorf("%+v, %v", r, err)
				}
			})
		}
		all.Wait()
		v := w.Expect(a, attempt.Paid, history.StatusRefunded)
		if made.Load() != 1 || v.TakesRefunds() || w.Slots(l) != (link.Slots{}) || !slices.Equal(v.CreditNotes(), []string{"TEST-CN-2026-00001"}) {
			t.Errorf("%d refunds, slots %+v, notes %q", made.Load(), w.Slots(l), v.CreditNotes())
		}
		mustUses(w, c, 0, 1) // as of any refund, the use of the code stays
		w.MustTell(a, attempt.CauseMerchant, string(attempt.Refunded))
		page, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, history.Filter{Statuses: []history.Status{history.StatusRefunded}})
		if err != nil || len(page) != 1 {
			t.Errorf("refunded are %d, %v", len(page), err)
		}
		w.MustPay(l)
		w.MustHold()
	})
}

func TestALeastAmountIsLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustParty(t, d, "stripe")
		l := w.MustLink(0)
		w.MustCode("NEARLY", 0, paymenttest.Eur(4890), coupon.CodeFields{})
		a := w.MustStart(w.AskWith(l, "NEARLY"))
		if a.Amount != paymenttest.Eur(50) || a.Discount != 4850 {
			t.Errorf("%s is left, %d is taken off", a.Amount, a.Discount)
		}
	})
}

// A crowd with one code uses it as often as it can be used.
func TestACodeHoldsUnderConcurrentPayers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(0)
		c := w.MustCode("CROWD", 50_00, money.Amount{}, coupon.CodeFields{Max: 7})
		free := w.MustCode("FREE", 100_00, money.Amount{}, coupon.CodeFields{Max: 7})
		var refused atomic.Int64
		paymenttest.Together(500, func(i int) {
			code := []string{"CROWD", "FREE"}[i%2]
			r := w.AskWith(l, code)
			a, err := w.Payments.Start(t.Context(), r)
			for err == nil && a.CheckoutURL == "" && a.State != attempt.Paid {
				a, err = w.Payments.Start(t.Context(), r)
			}
			if paymenttest.CodeRefused(err) {
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
			w.Decide(a, sandbox.Paid)
			w.MustSync(a)
		})
		w.Settle()
		mustUses(w, c, 0, 7)
		mustUses(w, free, 0, 7)
		if refused.Load() != 500-14 {
			t.Errorf("%d were refused", refused.Load())
		}
		w.MustHold()
	})
}

// Money that comes too late for its place leaves the code as it was.
func TestLateMoneyWithoutAPlaceUsesNoCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		c := w.MustCode("SUMMER10", 10_00, money.Amount{}, coupon.CodeFields{Max: 2})
		late := w.MustStart(w.AskWith(l, "SUMMER10"))
		mustUses(w, c, 1, 0)
		w.Pass(attempt.HoldFor + time.Minute)
		mustUses(w, c, 0, 0)
		w.MustPay(l)
		w.Decide(late, sandbox.Paid)
		w.MustSync(late)
		w.Expect(late, attempt.Paid, history.StatusOverflow)
		mustUses(w, c, 0, 0)
		w.MustHold()
	})
}

// What costs nothing is bounded as what is held: one network leaves the last places to others,
// and an address gets three.
func TestAGiftIsNoOnesAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		w.MustCode("GIFT", 100_00, money.Amount{}, coupon.CodeFields{})
		got := func(places int64, from func(i int) string, emails ...string) (n int) {
			l := w.MustLink(places)
			for i := range 9 {
				r := w.AskFrom(from(i), l)
				r.Code = "GIFT"
				if len(emails) > 0 {
					r.Payer.Email = emails[i%len(emails)]
				}
				if _, ok := w.Tries(r); ok {
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
