package public_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/public"
)

// mustCode makes a coupon with one code.
func (s *site) mustCode(code string, percent int64, f coupon.CodeFields, of coupon.Fields) {
	s.t.Helper()
	of.Name = code
	c, err := s.coupons.Create(s.t.Context(), s.business.ID, percent, money.Amount{}, of)
	if err == nil {
		_, err = s.coupons.CreateCode(s.t.Context(), s.business.ID, c.ID, code, f)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestACodeIsAppliedWithoutScript(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.conference()
		other := s.mustLink(link.Fields{Name: "Other", Path: "other", Amount: eur(4900)})
		const path = "/acme/conference"
		if s.get(path).has("I have a code") {
			t.Error("a page asks for a code before there is any")
		}
		s.mustCode("MEMBER20", 20_00, coupon.CodeFields{Max: 1}, coupon.Fields{Links: []link.ID{l.ID}})
		if s.get("/acme/" + other.Path).has("I have a code") {
			t.Error("a page asks for a code that can't count there")
		}
		opened := s.get(path)
		if !opened.has("I have a code") || opened.has("code-off\" open") {
			t.Errorf("no folded field in %s", opened.body)
		}
		typed := opened.filledIn("quantity", "3", "badges", "Mia\nJo", "lunch", "Vegan", "consent", "yes", "code", " member20 ", "code_apply", "yes")
		applied := s.post(path, typed)
		// 147.00 − 29.40.
		if applied.StatusCode != http.StatusOK || !applied.has("20% off with ") || !applied.has("−€29.40") || !applied.has("€117.60") || !applied.has("Jo</textarea>") || !applied.has("Code MEMBER20") {
			t.Fatalf("%d\n%s", applied.StatusCode, applied.body)
		}
		typed.Del("code_apply")
		typed.Set("code_remove", "yes")
		if removed := s.post(path, typed); removed.has("−€29.40") || !removed.has("€147.00") || !removed.has("Jo</textarea>") {
			t.Errorf("it stays:\n%s", removed.body)
		}
		typed.Del("code_remove")
		typed.Set("total", "147.00")
		if unseen := s.post(path, typed); unseen.StatusCode != http.StatusUnprocessableEntity || !unseen.has("The total is €117.60") {
			t.Errorf("a total that nobody has seen: %d", unseen.StatusCode)
		}
		typed.Set("total", "117.60")
		paid := s.decide(s.start(path, typed), "paid")
		if now := s.get(paid); !now.has("Code MEMBER20") || !now.has("−€29.40") {
			t.Errorf("%s", now.body)
		}
		b := s.browser()
		for _, code := range []string{"MEMBER20", "NEVER"} {
			if wrong := b.get(path + "?code=" + code); !wrong.has("This code can’t be used here. Check the spelling, or pay without it.") || !wrong.has(`value="`+code+`"`) {
				t.Errorf("%s:\n%s", code, wrong.body)
			}
		}
		if s.get("/acme?code=NEVER").has("This code") {
			t.Error("the payment page, where payers choose, asks for codes")
		}
	})
}

func TestAnAddressAppliesACodeAndZeroAsksNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Talk", Path: "talk", Amount: eur(4900), Limit: link.Limit{Kind: link.Multiple, Max: 9}})
		tomorrow := d.Clock().Now().Add(24 * time.Hour)
		s.mustCode("SPEAKER", 100_00, coupon.CodeFields{EndsAt: &tomorrow}, coupon.Fields{})
		opened := s.get("/acme/talk?code=speaker&lock=code")
		if !opened.has("Confirm, nothing to pay") || !opened.has("100% off with") || opened.has(">Remove<") || opened.has("by bank transfer") {
			t.Fatalf("%s", opened.body)
		}
		if s.get("/acme/talk?code=speaker&disabled=true").has(">Remove<") == false {
			t.Error("disabled=true locks a code")
		}
		got := s.post("/acme/talk?code=speaker&lock=code", opened.filledIn("total", opened.hidden("total"), "code", "SPEAKER"))
		if got.StatusCode != http.StatusSeeOther || !strings.HasPrefix(got.Header.Get("Location"), "/pay/") {
			t.Fatalf("%d %s\n%s", got.StatusCode, got.Header.Get("Location"), got.body)
		}
		if now := s.get(got.Header.Get("Location")); !now.has("TEST-2026-00001") && !now.has("€0.00") {
			t.Errorf("%s", now.body)
		}
		if s.count("sandbox_payments") != 0 || s.count("payments") != 1 {
			t.Error("the provider was asked, or nothing was paid")
		}
	})
}

func TestGuessingCodesIsThrottled(t *testing.T) {
	s := mustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Limits = true })
	s.mustLink(link.Fields{Name: "Talk", Path: "talk", Amount: eur(4900)})
	s.mustCode("SECRET", 10_00, coupon.CodeFields{}, coupon.Fields{})
	for i := range 10 {
		if !s.get(fmt.Sprintf("/acme/talk?code=GUESS%d", i)).has("can’t be used here") {
			t.Fatalf("guess %d", i)
		}
	}
	if got := s.get("/acme/talk?code=SECRET"); !got.has("Too many codes were tried.") || got.has("10% off") {
		t.Errorf("the eleventh guess:\n%s", got.body)
	}
}

// A right code is not called wrong, and counts as no guess, when it can't be looked up.
func TestACodeThatCanNotBeLookedUpIsNotCalledWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSiteWith(t, d, "http", func(c *public.Config) { c.Limits = true })
		s.mustLink(link.Fields{Name: "Talk", Path: "talk", Amount: eur(4900)})
		s.mustCode("SPEAKER", 50_00, coupon.CodeFields{}, coupon.Fields{})
		rename := func(from, to string) {
			if err := d.InTx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `ALTER TABLE `+from+` RENAME TO `+to)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		rename("coupons", "coupons_away")
		for range 11 {
			if page := s.get("/acme/talk?code=SPEAKER"); !page.has("This code can’t be checked right now.") || page.has("This code can’t be used here") {
				t.Fatalf("%d %s", page.StatusCode, page.body)
			}
		}
		rename("coupons_away", "coupons")
		if page := s.get("/acme/talk?code=SPEAKER"); !page.has("50% off with") {
			t.Errorf("%d %s", page.StatusCode, page.body)
		}
	})
}
