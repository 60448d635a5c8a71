package coupon_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// A code counts from its beginning on until just before its end, from its minimum upwards,
// and for what it is for alone; pages ask for codes where one may count.
func TestACodeCountsForWhatItIsForWhileItDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		price := eur(4900)
		make := func(name string) link.Link {
			l, err := w.Links.Create(t.Context(), w.acme, link.Fields{Name: name, Active: true, Amount: &price})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		ours, other := make("Ours"), make("Other")
		now := d.Clock().Now().Truncate(time.Second)
		at := func(after time.Duration) {
			t.Helper()
			d.Clock().SetOffset(d.Clock().Offset() + now.Add(after).Sub(d.Clock().Now()))
		}
		begins, ends := now.Add(time.Hour), now.Add(2*time.Hour)
		minimum := eur(5000)
		w.code("HOUR", coupon.Fields{Links: []link.ID{ours.ID, ours.ID, ""}, Minimum: &minimum}, coupon.CodeFields{StartsAt: &begins, EndsAt: &ends})
		sale := coupon.Sale{Link: ours.ID, List: eur(5000)}
		const no, least = "code " + coupon.Unusable, "code " + coupon.Minimum
		reach, err := w.Coupons.ReachOf(t.Context(), w.acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		for after, want := range map[time.Duration]string{0: no, time.Hour - time.Second: no, time.Hour + time.Second: "", 2*time.Hour - 2*time.Second: "", 2*time.Hour + time.Second: no} {
			at(after)
			if got := w.find(" hour ", sale); got != want {
				t.Errorf("after %s: %q, not %q", after, got, want)
			}
			// A page asks for a code that is to come too.
			if got := reach.Covers(&ours, "", "EUR", d.Clock().Now()); got != (after < 2*time.Hour) {
				t.Errorf("after %s the page asks is %t", after, got)
			}
		}
		if !reach.Covers(&ours, "", "EUR", ends.Add(-time.Microsecond)) || reach.Covers(&ours, "", "EUR", ends) || reach.Covers(&other, "", "EUR", begins) || reach.Covers(nil, "", "EUR", begins) || reach.Covers(nil, product.ID(ours.ID), "EUR", begins) {
			t.Error("the page asks for more or less than there is")
		}
		at(90 * time.Minute)
		for _, c := range []struct {
			sale coupon.Sale
			want string
		}{
			{coupon.Sale{Link: ours.ID, List: eur(4999)}, least}, {coupon.Sale{Link: other.ID, List: eur(5000)}, no}, {coupon.Sale{List: eur(5000)}, no}, {coupon.Sale{Product: product.ID(ours.ID), List: eur(5000)}, no},
			{coupon.Sale{Link: ours.ID, List: money.Amount{Minor: 9000, Currency: "USD"}}, no},
		} {
			if got := w.find("HOUR", c.sale); got != c.want {
				t.Errorf("%+v: %q, not %q", c.sale, got, c.want)
			}
		}
		if got := w.find("", sale); got != no {
			t.Errorf("no code: %q", got)
		}
		if got := w.find(strings.Repeat("Ö", 81), sale); got != no {
			t.Error(got)
		}
	})
}

// An amount that is taken off counts in its currency alone, a percentage in each; what is used
// up in one mode is not in the other.
func TestACodeCountsInItsCurrencyAndMode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		_, codes, err := w.Coupons.CreateWithCodes(t.Context(), w.acme.ID, 0, eur(500), coupon.Fields{Name: "Five off"}, []string{"FIVE"}, coupon.CodeFields{})
		if err != nil {
			t.Fatal(err)
		}
		_, once := w.code("ONCE", coupon.Fields{}, coupon.CodeFields{Max: 1})
		const no = "code " + coupon.Unusable
		euros, dollars := coupon.Sale{List: eur(4900)}, coupon.Sale{List: money.Amount{Minor: 4900, Currency: "USD"}}
		for typed, want := range map[string][2]string{"FIVE": {"", no}, "ONCE": {}} {
			if got := [2]string{w.find(typed, euros), w.find(typed, dollars)}; got != want {
				t.Errorf("%s: %q, not %q", typed, got, want)
			}
		}
		use, err := w.Coupons.Find(t.Context(), d, w.acme, "five", euros, d.Clock().Now())
		if err != nil || use.Code != codes[0].ID || use.Amount != 500 || use.Percent != 0 || use.OncePerEmail {
			t.Errorf("%+v, %v", use, err)
		}
		if !w.hold(once, "pay_1") {
			t.Fatal("no use to hold")
		}
		w.consume(once, 1)
		if got := w.find("ONCE", euros); got != no {
			t.Errorf("used up: %q", got)
		}
		if w.acme.Mode = business.Live; !w.hold(once, "pay_2") || w.find("ONCE", euros) != "" {
			t.Error("used up in test mode, and in live mode with it")
		}
		if w.hold(once, "pay_3") {
			t.Error("more uses than there are in live mode")
		}
	})
}

// What is left is what both a code and its coupon allow; what is held is not left, and what
// is used up is told.
func TestWhatIsLeftOfACode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c, one := w.code("ONE", coupon.Fields{Max: 4}, coupon.CodeFields{Max: 2})
		two, err := w.Coupons.CreateCode(t.Context(), w.acme.ID, c.ID, "TWO", coupon.CodeFields{})
		if err != nil {
			t.Fatal(err)
		}
		_, free := w.code("FREE", coupon.Fields{}, coupon.CodeFields{})
		see := func(of coupon.Code, held, used, left int64, status coupon.Status) {
			t.Helper()
			now, err := w.Coupons.CodeOf(t.Context(), w.acme, of.ID)
			if err != nil || now.Held != held || now.Used != used || now.Status() != status || (now.Left == nil) != (left < 0) || now.Left != nil && *now.Left != left {
				t.Errorf("%s: %+v %d, %v", of.Text, now.Figures, now.Left, err)
			}
		}
		see(free, 0, 0, -1, coupon.Active)
		see(one, 0, 0, 2, coupon.Active)
		see(two, 0, 0, 4, coupon.Active)
		if !w.hold(one, "a") || !w.hold(one, "b") || w.hold(one, "c") || !w.hold(two, "d") {
			t.Error("uses are held that there are not, or not those that there are")
		}
		see(one, 2, 0, 0, coupon.Active)
		see(two, 1, 0, 1, coupon.Active)
		if got := w.find("ONE", coupon.Sale{List: eur(100)}); got != "" {
			t.Errorf("uses that are held may be the payer's own: %q", got)
		}
		w.consume(one, 2)
		see(one, 0, 2, 0, coupon.UsedUp)
		see(two, 1, 0, 1, coupon.Active)
		if got := w.find("ONE", coupon.Sale{List: eur(100)}); got == "" {
			t.Error("a code that is used up is found")
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { return w.Coupons.Release(t.Context(), tx, w.holder(two, "d")) }); err != nil {
			t.Fatal(err)
		}
		see(two, 0, 0, 2, coupon.Active)
		for _, attempt := range []string{"e", "f"} {
			if !w.hold(two, attempt) {
				t.Error("a use that was given back is not free")
			}
		}
		if w.hold(two, "g") {
			t.Error("more are used than the coupon allows")
		}
		w.consume(two, 2)
		see(two, 0, 2, 0, coupon.UsedUp)
		// Fewer than were used are none, not less than none.
		if _, err := w.Coupons.Edit(t.Context(), w.acme.ID, c.ID, 0, func(f *coupon.Fields) { f.Max = 1 }); err != nil {
			t.Fatal(err)
		}
		see(two, 0, 2, 0, coupon.UsedUp)
		if _, err := w.Coupons.Edit(t.Context(), w.acme.ID, c.ID, 0, func(f *coupon.Fields) { f.Max = 0 }); err != nil {
			t.Fatal(err)
		}
		see(two, 0, 2, -1, coupon.Active)
		uses, err := w.Coupons.Uses(t.Context(), w.acme, []coupon.Coupon{c})
		if err != nil || uses[c.ID].Used != 4 || uses[c.ID].Held != 0 {
			t.Errorf("%+v, %v", uses, err)
		}
		if uses, err := w.Coupons.Uses(t.Context(), w.acme, nil); err != nil || len(uses) != 0 {
			t.Errorf("%+v, %v", uses, err)
		}
	})
}

// A code ends once, when it is ended first, also one that has not begun; as it was read it
// is changed by one alone.
func TestACodeIsEndedWhereItStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		now := d.Clock().Now()
		past, future, later := now.Add(-time.Hour).Truncate(time.Microsecond), now.Add(time.Hour).Truncate(time.Microsecond), now.Add(2*time.Hour).Truncate(time.Microsecond)
		for name, f := range map[string]coupon.CodeFields{"PLAIN": {}, "OVER": {EndsAt: &past}, "OPEN": {StartsAt: &past, EndsAt: &future}, "COMING": {StartsAt: &future, EndsAt: &later}} {
			_, c := w.code(name, coupon.Fields{}, f)
			before, err := w.Coupons.CodeOf(t.Context(), w.acme, c.ID)
			if want := map[string]coupon.Status{"PLAIN": coupon.Active, "OVER": coupon.Ended, "OPEN": coupon.Active, "COMING": coupon.Upcoming}[name]; err != nil || before.Status() != want {
				t.Errorf("%s is %s, %v", name, before.Status(), err)
			}
			ended, err := w.Coupons.EndCode(t.Context(), w.acme.ID, c.ID)
			if err != nil || ended.EndsAt.After(d.Clock().Now()) || (name == "OVER") != ended.EndsAt.Equal(past) || (name == "OPEN") != (ended.StartsAt != nil) {
				t.Errorf("%s: %+v, %v", name, ended, err)
			}
			if now, err := w.Coupons.CodeOf(t.Context(), w.acme, c.ID); err != nil || now.Status() != coupon.Ended {
				t.Errorf("%s is %s, %v", name, now.Status(), err)
			}
			if name == "OVER" {
				if ended.Version != c.Version {
					t.Errorf("what had ended is version %d", ended.Version)
				}
			} else if _, err := w.Coupons.EditCode(t.Context(), w.acme.ID, c.ID, c.Version, func(f *coupon.CodeFields) { f.Max = 1 }); !fault.Is(err, fault.Stale) {
				t.Errorf("what somebody changed is changed unseen: %v", err)
			}
			if after, err := w.Coupons.EditCode(t.Context(), w.acme.ID, c.ID, ended.Version, func(f *coupon.CodeFields) { f.Max = 1 }); err != nil || after.Max != 1 {
				t.Errorf("%+v, %v", after, err)
			}
			if now, err := w.Coupons.CodeOf(t.Context(), w.acme, c.ID); err != nil || now.Left == nil || *now.Left != 1 {
				t.Errorf("a new bound doesn't count: %+v, %v", now, err)
			}
			if _, err := w.Coupons.EditCode(t.Context(), w.acme.ID, c.ID, 0, func(f *coupon.CodeFields) { f.Max = -1 }); wrong(t, err) != "max_redemptions coupon.max" {
				t.Error(err)
			}
		}
	})
}
