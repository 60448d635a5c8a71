package coupon_test

import (
	"testing"

	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

// A coupon is for a link, a product or the links of a tag, whichever are named; once its tag
// is gone it is for nothing, not for everything, until somebody says so.
func TestACouponIsForWhatIsNamedAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		price := eur(4900)
		make := func(name string, tags ...tag.Tag) link.Link {
			l, err := w.Links.Create(t.Context(), w.acme, link.Fields{Name: name, Active: true, Amount: &price, Tags: tags})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		tagged, other := make("Tagged", tag.Named("Spring")...), make("Other")
		p, err := w.Products.Create(t.Context(), w.acme, product.Fields{Name: "Mug", Price: price, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		spring := tagged.Tags[0].ID
		c, _ := w.code("TAG", coupon.Fields{Tags: []tag.ID{spring, spring}}, coupon.CodeFields{})
		w.code("MUG", coupon.Fields{Products: []product.ID{p.ID}}, coupon.CodeFields{})
		w.code("BOTH", coupon.Fields{Products: []product.ID{p.ID}, Links: []link.ID{other.ID}}, coupon.CodeFields{})
		w.code("ALL", coupon.Fields{}, coupon.CodeFields{})
		const no = "code " + coupon.Unusable
		ofTag, ofOther, ofMug := coupon.Sale{Link: tagged.ID, List: price}, coupon.Sale{Link: other.ID, List: price}, coupon.Sale{Product: p.ID, List: price}
		for code, want := range map[string][3]string{"TAG": {"", no, no}, "MUG": {no, no, ""}, "BOTH": {no, "", ""}, "ALL": {}} {
			if got := [3]string{w.find(code, ofTag), w.find(code, ofOther), w.find(code, ofMug)}; got != want {
				t.Errorf("%s: %q, not %q", code, got, want)
			}
		}
		reach, err := w.Coupons.ReachOf(t.Context(), w.acme.ID)
		if err != nil || !reach.Covers(nil, "", "EUR", d.Clock().Now()) {
			t.Errorf("a code for everything covers nothing: %v", err)
		}
		targets, err := w.Coupons.Targets(t.Context(), w.acme.ID, c.ID)
		if err != nil || len(targets) != 1 || len(targets[c.ID]) != 1 || targets[c.ID][0].Name != "Spring" || targets[c.ID][0].Kind != coupon.ToTag {
			t.Errorf("%+v, %v", targets, err)
		}
		if err := w.Tags.Delete(t.Context(), w.acme.ID, spring); err != nil {
			t.Fatal(err)
		}
		edit := func(change func(*coupon.Fields)) coupon.Coupon {
			t.Helper()
			after, err := w.Coupons.Edit(t.Context(), w.acme.ID, c.ID, 0, change)
			if err != nil {
				t.Fatal(err)
			}
			return after
		}
		if after := edit(func(f *coupon.Fields) { f.Name = "Of nothing" }); after.Everywhere || w.find("TAG", ofTag) != no {
			t.Errorf("a coupon of a tag that is gone is for everything: %+v", after)
		}
		if after := edit(func(f *coupon.Fields) { f.Links = []link.ID{other.ID} }); after.Everywhere || w.find("TAG", ofOther) != "" || w.find("TAG", ofTag) != no {
			t.Errorf("%+v", after)
		}
		if after := edit(func(f *coupon.Fields) { f.Links = nil }); !after.Everywhere || w.find("TAG", ofTag) != "" {
			t.Errorf("%+v", after)
		}
	})
}
