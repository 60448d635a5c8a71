package linkform_test

import (
	"net/http"
	"reflect"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestALinkAsksAndOffersWhatItsFormSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		asking := dashboardtest.With(goodLink(), "path", "asking", "collect_phone", "optional", "collect_address", "no", "collect_company", "required",
			"consent_text", "I accept the [terms](https://example.com/terms).", "consent_required", "on", "marketing_text", "Write to me.",
			"tip_percent", "5, 10 15%", "tip_own", "on", "fee_percent", "1.5", "fee_fixed", "0.25")
		if got := b.Post("/dashboard/acme/links", asking); got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		stored := func() link.Link {
			m, err := s.Links.ByPath(t.Context(), acme, "asking")
			if err != nil {
				t.Fatal(err)
			}
			return m.Link
		}
		want := checkout.Rules{
			Collect: checkout.Collect{Phone: checkout.Optional, Company: checkout.Required}, Consent: &checkout.Consent{Text: "I accept the [terms](https://example.com/terms).", Required: true},
			Marketing: &checkout.Marketing{Text: "Write to me."}, Tip: &checkout.Tip{Percent: []int64{5, 10, 15}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25},
		}
		l := stored()
		if !reflect.DeepEqual(l.Checkout, want) {
			t.Fatalf("%+v, want %+v", l.Checkout, want)
		}
		edit := "/dashboard/acme/links/" + string(l.ID) + "/edit"
		form := b.Get(edit)
		if !form.Has("Phone number · Company and VAT number · Consent · Offer of news", "Tip in percent: 5, 10, 15, or an own amount · Fee of 1.5% and 0.25", `value="5, 10, 15"`, `value="1.5"`, `value="0.25"`, `value="Write to me."`, "I accept the [terms]") {
			t.Errorf("the form does not show what was set: %s", form.Said())
		}
		if got := b.Post(edit, dashboardtest.With(goodLink(), "path", "asking", "version", "1", "consent_required", "on")); got.Status != http.StatusSeeOther {
			t.Fatalf("removing: %d %s", got.Status, got.Said())
		}
		if l := stored(); !l.Checkout.Nothing() {
			t.Errorf("what was cleared stays: %+v", l.Checkout)
		}
	})
}

func TestWhatCannotBeAskedIsRefusedAtItsField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for _, c := range []struct{ input, value, says, section string }{
			{"collect_phone", "maybe", "Choose no, optional or required.", "asked"},
			{"consent_text", string(make([]byte, 3)) + "x", "control characters", "asked"},
			{"tip_percent", "5, ten", "Enter whole percentages, like 5, 10, 15.", "extras"},
			{"tip_percent", "5, 5", "each once", "extras"},
			{"tip_percent", "1 2 3 4 5", "1 to 4 steps", "extras"},
			{"fee_percent", "26", "from 0 to 25", "extras"},
			{"fee_percent", "much", "from 0 to 25", "extras"},
			{"fee_fixed", "much", "Enter an amount", "extras"},
			{"fee_fixed", "-1", "", "extras"},
		} {
			form := dashboardtest.With(goodLink(), "marketing_text", "Write to me.", c.input, c.value)
			got := b.Post("/dashboard/acme/links", form)
			opened := false
			for _, id := range unfolded(got) {
				opened = opened || id == c.section
			}
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.input+`-error"`, c.says, `value="Write to me."`) || !opened {
				t.Errorf("%s = %q: %d, %v open: %s", c.input, c.value, got.Status, unfolded(got), got.Said())
			}
		}
		if n := s.LinkCount(t, acme); n != 0 {
			t.Errorf("%d links are stored", n)
		}
	})
}

// A fee of a product's link is in the currency of the product: 25 yen are no 0.25.
func TestAFixedFeeIsInTheCurrencyOfTheProduct(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	p := s.Product(t, acme, "Chair")
	form := dashboardtest.With(goodLink(), "type", "product", "product", string(p.ID), "currency", "JPY", "path", "chair", "fee_fixed", "25")
	if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusSeeOther {
		t.Fatalf("creating: %d %s", got.Status, got.Said())
	}
	m, err := s.Links.ByPath(t.Context(), acme, "chair")
	if err != nil || m.Link.Checkout.CoverFee == nil || m.Link.Checkout.CoverFee.Fixed != 2500 {
		t.Errorf("%+v, %v", m.Link.Checkout.CoverFee, err)
	}
}
