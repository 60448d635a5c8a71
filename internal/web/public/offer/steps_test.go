package offer_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// Stripe charges Kuwaiti dinars in steps of 0.010. Whatever a payer adds and a code takes off,
// what they are shown is what can be charged.
func TestWhatIsAddedIsInStepsOfWhatCanBeCharged(t *testing.T) {
	d := dbtest.SQLite(t)
	stripe := stripetest.New(d.Clock().Wall)
	t.Cleanup(stripe.Close)
	stripe.Account("sk_test_acme", "acct_acme", "Acme")
	var all *system.System
	s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) {
		all = systemtest.New(t, d, func(o *system.Options) { o.StripeAPI = stripe.URL })
		c.Businesses, c.Links, c.Products, c.Payments, c.Coupons = all.Businesses, all.Links, all.Products, all.Payments, all.Coupons
	})
	s.MustLink(link.Fields{Name: "Dinner", Path: "dinner", Amount: &money.Amount{Minor: 3330, Currency: "KWD"}, Checkout: checkout.Rules{
		Quantity: &checkout.Quantity{Min: 1, Max: 10}, Tip: &checkout.Tip{Percent: []int64{7}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.85"},
	}})
	s.MustCode("THIRD", 33_00, coupon.CodeFields{}, coupon.Fields{})
	if _, err := all.Keys.Connect(t.Context(), s.Business.ID, "stripe", keyring.Connection{Key: "sk_test_acme"}); err != nil {
		t.Fatal(err)
	}
	const path = "/acme/dinner"
	for n, c := range []struct {
		typed []string
		total string
	}{
		{[]string{"tip", "7"}, "3.560"}, // 233.1 of 3.330
		{[]string{"cover_fee", "yes"}, "3.400"},
		{[]string{"tip", "own", "tip_own", "0.125"}, "3.450"},
		{[]string{"tip", "own", "tip_own", "0.125", "cover_fee", "yes"}, "3.520"},
		{[]string{"code", "THIRD"}, "2.240"}, // 2.231 of 3.330
		{[]string{"code", "THIRD", "tip", "7", "cover_fee", "yes", "quantity", "3"}, "7.310"},
	} {
		b := s.Browser()
		shown := b.Post(path, b.Get(path).FilledIn(append(c.typed, "recalculate", "yes")...))
		if got := shown.Hidden("total"); got != c.total || shown.Has("is the least that can be paid") {
			t.Errorf("%v: a total of %q\n%s", c.typed, got, shown.Body)
		}
		if got := b.Post(path, shown.FilledIn(c.typed...)); got.StatusCode != http.StatusSeeOther || stripe.Sessions() != n+1 {
			t.Fatalf("%v: %d, %d sessions\n%s", c.typed, got.StatusCode, stripe.Sessions(), got.Body)
		}
	}
	b := s.Browser()
	if page := b.Post(path, b.Get(path).FilledIn("tip", "7", "recalculate", "yes")); strings.Count(page.Body, "0.230<") != 2 {
		t.Errorf("a step of the tip is not what it comes to:\n%s", page.Body)
	}
}
