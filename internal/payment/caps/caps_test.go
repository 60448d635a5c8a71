package caps_test

import (
	"fmt"
	"testing"
	"time"

	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// A venue's wifi, an office's network and a mobile carrier each put many payers behind
// one address or one network.
func TestACrowdBehindOneAddressPays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		for name, address := range map[string]func(i int) string{
			"one address":       func(int) string { return "198.51.100.7" },
			"one network":       func(i int) string { return fmt.Sprintf("198.51.100.%d", i+1) },
			"a carrier's /48":   func(i int) string { return fmt.Sprintf("2001:db8:7:%x::1", i) },
			"one household /64": func(i int) string { return fmt.Sprintf("2001:db8:8:1::%x", i+1) },
		} {
			l := w.MustLink(50)
			for i := range 9 {
				if _, ok := w.Tries(w.AskFrom(address(i), l)); !ok {
					t.Errorf("%s: payer %d of nine was refused on a link of 50", name, i+1)
				}
			}
		}
		w.MustHold()
	})
}

func TestThreeAddressesHoldNoLinkHostage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		for _, places := range []int64{4, 5, 7, 50} {
			l := w.MustLink(places)
			for i := range 3 * int(places) {
				w.Tries(w.AskFrom(fmt.Sprintf("203.0.%d.9", i%3), l))
			}
			if _, ok := w.Tries(w.AskFrom("198.51.100.7", l)); !ok {
				t.Errorf("of %d places none was left for somebody else: %+v", places, w.Slots(l))
			}
		}
		// A whole network, however many addresses it has, leaves the last one.
		l := w.MustLink(5)
		for i := range 20 {
			w.Tries(w.AskFrom(fmt.Sprintf("2001:db8:9:%x::1", i), l))
		}
		if _, ok := w.Tries(w.AskFrom("198.51.100.7", l)); !ok {
			t.Errorf("one network holds all: %+v", w.Slots(l))
		}
		w.MustHold()
	})
}

// Whoever holds the only slot over and over without paying, from three addresses and
// always a moment before the other, loses it within two hours.
func TestTheOnlyPlaceIsNotHeldHostage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		for minute := 0; ; minute++ {
			for i := range 3 {
				w.Tries(w.AskFrom(fmt.Sprintf("203.0.%d.9", i), l))
			}
			a, ok := w.Tries(w.AskFrom("198.51.100.7", l))
			if ok {
				w.Decide(a, sandbox.Paid)
				w.MustSync(a)
				t.Logf("after %d minutes", minute)
				break
			}
			if minute == 120 {
				t.Fatal("two hours, and the place is still held")
			}
			w.Pass(time.Minute)
		}
		w.MustHold()
	})
}

// A payer who let a checkout run out and comes back, when nobody else came, pays.
func TestWhoLetACheckoutRunOutComesBack(t *testing.T) {
	w := paymenttest.MustWorld(t, dbtest.SQLite(t))
	l := w.MustLink(1)
	first := w.MustStart(w.AskFrom("198.51.100.7", l))
	w.Pass(attempt.HoldFor + time.Minute)
	again, ok := w.Tries(w.AskFrom("198.51.100.7", l))
	if !ok {
		t.Fatal("they were refused")
	}
	if long := again.HoldUntil.Sub(again.CreatedAt); long >= first.HoldUntil.Sub(first.CreatedAt) {
		t.Errorf("the place is held for %v again", long)
	}
	// Somebody else came meanwhile: now they wait, unless they were asked personally.
	if _, ok := w.Tries(w.AskFrom("203.0.113.9", l)); ok {
		t.Fatal("the place was given twice")
	}
	w.Pass(attempt.HoldFor)
	if _, ok := w.Tries(w.AskFrom("198.51.100.7", l)); ok {
		t.Error("the last place went to who let it run out twice, while somebody waits")
	}
	asked := w.AskFrom("198.51.100.7", l)
	asked.Attribution.RecipientToken = "their own"
	if _, ok := w.Tries(asked); !ok {
		t.Error("who was asked to pay was refused")
	}
	w.MustHold()
}

// Of thirteen places one source holds four, and two once it let a checkout run out.
func TestWhoLetACheckoutRunOutHoldsHalfAsMany(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(13)
		held := func(address string) (n int) {
			for range 6 {
				if _, ok := w.Tries(w.AskFrom(address, l)); ok {
					n++
				}
			}
			return n
		}
		w.MustStart(w.AskFrom("198.51.100.7", l))
		w.Pass(attempt.HoldFor + time.Minute)
		if n := held("198.51.100.7"); n != 2 {
			t.Errorf("who let one run out holds %d", n)
		}
		if n := held("203.0.113.9"); n != 4 {
			t.Errorf("somebody else holds %d", n)
		}
		w.MustHold()
	})
}

// Cards are tried by failing payments: many of one source are enough, whatever the link.
func TestFailedAttemptsOfASourceAreBounded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l, failed := w.MustLink(0), 0
		for ; failed < 100; failed++ {
			a, ok := w.Tries(w.AskFrom("198.51.100.7", l))
			if !ok {
				break
			}
			w.Decide(a, sandbox.Failed)
			w.MustSync(a)
		}
		if failed != 10 {
			t.Errorf("%d cards were tried", failed)
		}
		if _, ok := w.Tries(w.AskFrom("198.51.100.8", l)); !ok {
			t.Error("a neighbour pays for it")
		}
		w.Pass(time.Hour + time.Minute)
		if _, ok := w.Tries(w.AskFrom("198.51.100.7", l)); !ok {
			t.Error("an hour later they are still refused")
		}
	})
}

// Whole addresses are stored nowhere, and what stands for them goes after a day.
func TestSourcesAreForgottenAfterADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(5)
		a := w.MustStart(w.AskFrom("198.51.100.7", l))
		paid := w.MustStart(w.AskFrom("198.51.100.8", l))
		w.Decide(paid, sandbox.Paid)
		w.MustSync(paid)
		w.MustCode("GIFT", 100_00, money.Amount{}, coupon.CodeFields{}) // what is nothing is bounded by source for a day too
		gift := w.AskFrom("198.51.100.9", l)
		gift.Code = "GIFT"
		w.MustStart(gift)
		if n := w.Count(`SELECT COUNT(*) FROM attempts WHERE payer_key <> ''`); n != 2 {
			t.Fatalf("%d sources are known", n)
		}
		w.Decide(a, sandbox.Failed)
		w.MustSync(a)
		for day, want := range []int64{2, 0} {
			d.Clock().SetOffset(time.Duration(day)*25*time.Hour + time.Hour)
			if err := w.Payments.ClearOldSources(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := w.Count(`SELECT COUNT(*) FROM attempts WHERE payer_key <> ''`); n != want {
				t.Errorf("after %d days %d sources are known", day, n)
			}
		}
	})
}
