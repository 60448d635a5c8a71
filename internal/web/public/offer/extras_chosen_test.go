package offer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/public/publictest"
)

// Where payers choose the amount, a tip and the costs are of what they typed, and the total is
// shown before it is paid.
func TestATipOnAChosenAmountIsSeenBeforeItIsPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.LetPayersChoose()
		s.MustLink(link.Fields{Name: "Gift", Path: "gift", Amount: publictest.EUR(1000), PayerAmount: &link.Range{Min: *publictest.EUR(500), Max: *publictest.EUR(5000)},
			Checkout: checkout.Rules{Tip: &checkout.Tip{Percent: []int64{10}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "2"}}})
		opened := s.Get("/acme/gift")
		for i, c := range []struct {
			typed url.Values
			says  []string // before anything is paid; none: the payer typed all of it
			pays  int64
		}{
			{url.Values{"amount": {"20"}}, nil, 2000},
			{url.Values{"amount": {"20"}, "tip": {"10"}}, []string{"The total is €22.00. You have not been charged.", "1 × €20.00", "€2.00"}, 2200},
			{url.Values{"amount": {"20"}, "tip": {"own"}, "tip_own": {"3"}}, []string{"The total is €23.00."}, 2300},
			{url.Values{"amount": {"20"}, "cover_fee": {"yes"}}, []string{"The total is €20.41.", "I also pay the payment costs of €0.41"}, 2041},
		} {
			form := opened.Sent(t, publictest.Merged(publictest.Payer(), c.typed, url.Values{"email": {string(rune('a'+i)) + "@example.com"}}))
			got := s.Post("/acme/gift", form)
			if c.says != nil {
				for _, words := range c.says {
					if got.StatusCode != http.StatusUnprocessableEntity || !got.Has(words) {
						t.Errorf("%v: %d, no %q\n%s", c.typed, got.StatusCode, words, publictest.Shown(got))
					}
				}
				got = s.Post("/acme/gift", got.Sent(t, nil))
			}
			var paid int64
			if err := d.Get(t.Context(), &paid, `SELECT amount_minor FROM attempts WHERE payer_email = $1`, form.Get("email")); err != nil || paid != c.pays || got.StatusCode != http.StatusSeeOther {
				t.Errorf("%v: %d, pays %d, want %d, %v", c.typed, got.StatusCode, paid, c.pays, err)
			}
		}
		if n := s.Count("attempts"); n != 4 {
			t.Errorf("%d attempts", n)
		}
	})
}

// Who comes back to what they began finds what they typed: the amount without what they added
// to it, and the same tip, also where a code took something off.
func TestWhatWasBegunIsOfferedAgainAtTheSamePrice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.LetPayersChoose()
		asks := checkout.Rules{Tip: &checkout.Tip{Percent: []int64{10}}, CoverFee: &checkout.CoverFee{Percent: "2"}}
		s.MustLink(link.Fields{Name: "Gift", Path: "gift", Amount: publictest.EUR(1000), PayerAmount: &link.Range{Min: *publictest.EUR(500), Max: *publictest.EUR(5000)}, Checkout: asks})
		s.MustLink(link.Fields{Name: "Dinner", Path: "dinner", Amount: publictest.EUR(2000), Checkout: asks})
		if _, _, err := s.Coupons.CreateWithCodes(t.Context(), s.Business.ID, 10_00, money.Amount{}, coupon.Fields{Name: "Tenth"}, []string{"TENTH"}, coupon.CodeFields{}); err != nil {
			t.Fatal(err)
		}
		for at, typed := range map[string]url.Values{"/acme/gift": {"amount": {"20"}, "tip": {"10"}, "cover_fee": {"yes"}}, "/acme/dinner": {"code": {"TENTH"}, "tip": {"10"}, "cover_fee": {"yes"}}} {
			who := s.Browser()
			typed = publictest.Merged(publictest.Payer(), typed, url.Values{"email": {"who" + at[6:] + "@example.com"}})
			asked := who.Post(at, who.Get(at).Sent(t, typed))
			if got := who.Post(at, asked.Sent(t, nil)); got.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", at, got.StatusCode, publictest.Shown(got))
			}
			again := who.Get(at).Sent(t, nil)
			for name, want := range map[string]string{"amount": typed.Get("amount"), "tip": "10", "code": typed.Get("code")} {
				if got := strings.TrimSuffix(again.Get(name), ".00"); got != want {
					t.Errorf("%s: %s is %q again, not %q", at, name, got, want)
				}
			}
			if again.Get("cover_fee") == "" || again.Get("total") != asked.Sent(t, nil).Get("total") {
				t.Errorf("%s: the total is %q again, not %q", at, again.Get("total"), asked.Sent(t, nil).Get("total"))
			}
		}
	})
}
