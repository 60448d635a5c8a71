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
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

func TestACodeIsAppliedWithoutScript(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.Conference()
		other := s.MustLink(link.Fields{Name: "Other", Path: "other", Amount: publictest.EUR(4900)})
		const path = "/acme/conference"
		if s.Get(path).Has("I have a code") {
			t.Error("a page asks for a code before there is any")
		}
		s.MustCode("MEMBER20", 20_00, coupon.CodeFields{Max: 1}, coupon.Fields{Links: []link.ID{l.ID}})
		if s.Get("/acme/" + other.Path).Has("I have a code") {
			t.Error("a page asks for a code that can't count there")
		}
		opened := s.Get(path)
		if !opened.Has("I have a code") || opened.Has("code-off\" open") {
			t.Errorf("no folded field in %s", opened.Body)
		}
		typed := opened.FilledIn("quantity", "3", "badges", "Mia\nJo", "lunch", "Vegan", "consent", "yes", "code", " member20 ", "code_apply", "yes")
		applied := s.Post(path, typed)
		// 147.00 − 29.40.
		if applied.StatusCode != http.StatusOK || !applied.Has("20% off with ") || !applied.Has("−€29.40") || !applied.Has("€117.60") || !applied.Has("Jo</textarea>") || !applied.Has("Code MEMBER20") {
			t.Fatalf("%d\n%s", applied.StatusCode, applied.Body)
		}
		typed.Del("code_apply")
		typed.Set("code_remove", "yes")
		if removed := s.Post(path, typed); removed.Has("−€29.40") || !removed.Has("€147.00") || !removed.Has("Jo</textarea>") {
			t.Errorf("it stays:\n%s", removed.Body)
		}
		typed.Del("code_remove")
		typed.Set("total", "147.00")
		if unseen := s.Post(path, typed); unseen.StatusCode != http.StatusUnprocessableEntity || !unseen.Has("The total is €117.60") {
			t.Errorf("a total that nobody has seen: %d", unseen.StatusCode)
		}
		typed.Set("total", "117.60")
		paid := s.Decide(s.Start(path, typed), "paid")
		if now := s.Get(paid); !now.Has("Code MEMBER20") || !now.Has("−€29.40") {
			t.Errorf("%s", now.Body)
		}
		b := s.Browser()
		for _, code := range []string{"MEMBER20", "NEVER"} {
			if wrong := b.Get(path + "?code=" + code); !wrong.Has("This code can’t be used here. Check the spelling, or pay without it.") || !wrong.Has(`value="`+code+`"`) {
				t.Errorf("%s:\n%s", code, wrong.Body)
			}
		}
		if s.Get("/acme?code=NEVER").Has("This code") {
			t.Error("the payment page, where payers choose, asks for codes")
		}
	})
}

func TestAnAddressAppliesACodeAndZeroAsksNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Talk", Path: "talk", Amount: publictest.EUR(4900), Limit: link.Limit{Kind: link.Multiple, Max: 9}})
		tomorrow := d.Clock().Now().Add(24 * time.Hour)
		s.MustCode("SPEAKER", 100_00, coupon.CodeFields{EndsAt: &tomorrow}, coupon.Fields{})
		opened := s.Get("/acme/talk?code=speaker&lock=code")
		if !opened.Has("Confirm, nothing to pay") || !opened.Has("100% off with") || opened.Has(">Remove<") || opened.Has("by bank transfer") {
			t.Fatalf("%s", opened.Body)
		}
		if s.Get("/acme/talk?code=speaker&disabled=true").Has(">Remove<") == false {
			t.Error("disabled=true locks a code")
		}
		got := s.Post("/acme/talk?code=speaker&lock=code", opened.FilledIn("total", opened.Hidden("total"), "code", "SPEAKER"))
		if got.StatusCode != http.StatusSeeOther || !strings.HasPrefix(got.Header.Get("Location"), "/pay/") {
			t.Fatalf("%d %s\n%s", got.StatusCode, got.Header.Get("Location"), got.Body)
		}
		if now := s.Get(got.Header.Get("Location")); !now.Has("TEST-2026-00001") && !now.Has("€0.00") {
			t.Errorf("%s", now.Body)
		}
		if s.Count("sandbox_payments") != 0 || s.Count("payments") != 1 {
			t.Error("the provider was asked, or nothing was paid")
		}
	})
}

func TestGuessingCodesIsThrottled(t *testing.T) {
	s := publictest.MustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Limits = true })
	s.MustLink(link.Fields{Name: "Talk", Path: "talk", Amount: publictest.EUR(4900)})
	s.MustCode("SECRET", 10_00, coupon.CodeFields{}, coupon.Fields{})
	for i := range 10 {
		if !s.Get(fmt.Sprintf("/acme/talk?code=GUESS%d", i)).Has("can’t be used here") {
			t.Fatalf("guess %d", i)
		}
	}
	if got := s.Get("/acme/talk?code=SECRET"); !got.Has("Too many codes were tried.") || got.Has("10% off") {
		t.Errorf("the eleventh guess:\n%s", got.Body)
	}
}

// A right code is not called wrong, and counts as no guess, when it can't be looked up.
func TestACodeThatCanNotBeLookedUpIsNotCalledWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) { c.Limits = true })
		s.MustLink(link.Fields{Name: "Talk", Path: "talk", Amount: publictest.EUR(4900)})
		s.MustCode("SPEAKER", 50_00, coupon.CodeFields{}, coupon.Fields{})
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
			if page := s.Get("/acme/talk?code=SPEAKER"); !page.Has("This code can’t be checked right now.") || page.Has("This code can’t be used here") {
				t.Fatalf("%d %s", page.StatusCode, page.Body)
			}
		}
		rename("coupons_away", "coupons")
		if page := s.Get("/acme/talk?code=SPEAKER"); !page.Has("50% off with") {
			t.Errorf("%d %s", page.StatusCode, page.Body)
		}
	})
}
