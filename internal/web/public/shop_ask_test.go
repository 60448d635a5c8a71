package public_test

import (
	"net/http"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/publictest"
)

// mustShirt asks for a size, how many, a consent and a tip.
func mustShirt(s *publictest.Site) product.Product {
	s.T.Helper()
	p, err := s.Products.Create(s.T.Context(), s.Business, product.Fields{Name: "Shirt", Price: *publictest.EUR(2000), Active: true, Checkout: checkout.Rules{
		Quantity:  &checkout.Quantity{Min: 2, Max: 10},
		Questions: []checkout.Question{{Key: "size", Label: "Size", Type: checkout.Choice, Required: true, Options: []string{"S", "M", "L"}}},
		Collect:   checkout.Collect{Phone: checkout.Optional},
		Consent:   &checkout.Consent{Text: "I accept the terms.", Required: true},
		Tip:       &checkout.Tip{Percent: []int64{10}},
	}})
	if err != nil {
		s.T.Fatal(err)
	}
	return p
}

func TestAProductAsksItsPayers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		p := mustShirt(s)
		s.MustLink(link.Fields{Name: "Team shirt", Path: "team", Type: link.Product, ProductID: p.ID, Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}, Checkout: checkout.Rules{
			Quantity:  &checkout.Quantity{Min: 1, Max: 3},
			Questions: []checkout.Question{{Key: "team", Label: "Team", Type: checkout.Text}},
		}})
		const shop, sold = "/acme/shop/shirt", "/acme/shop/shirt?link=team"
		if opened := s.Get(shop + "?size=M"); opened.Has("Team") {
			t.Error("the product asks what a link of it asks")
		}
		bad := s.Post(shop, s.Get(shop).FilledIn("quantity", "3", "tip", "10", "phone", "+31612345678"))
		if bad.StatusCode != http.StatusUnprocessableEntity || !bad.Has("Choose one.") || !bad.Has("Tick this to pay.") || !bad.Has("€66.00") {
			t.Errorf("%d\n%.3000s", bad.StatusCode, bad.Body)
		}
		paid := s.Decide(s.Start(shop, bad.FilledIn("quantity", "3", "tip", "10", "size", "L", "consent", "yes")), "paid")
		if now := s.Get(paid); !now.Has("3 × €20.00") || !now.Has("€66.00") {
			t.Errorf("%s", now.Body)
		}
		var kept struct {
			Quantity, AmountMinor, TipMinor int64
			Answers                         checkout.Answers
		}
		read := func(path string) {
			t.Helper()
			if err := d.Get(t.Context(), &kept, `SELECT quantity, amount_minor, tip_minor, answers FROM attempts WHERE source = $1`, path); err != nil {
				t.Fatal(err)
			}
		}
		if read("product"); kept.Quantity != 3 || kept.AmountMinor != 6600 || kept.TipMinor != 600 || len(kept.Answers.Fields) != 1 || kept.Answers.Fields[0].Values[0] != "L" || kept.Answers.Consent.Version != p.Version {
			t.Errorf("%+v", kept)
		}
		// The link asks something itself, which counts instead; the rest is the product's.
		if opened := s.Get(sold); !opened.Has("Team") || opened.Has(">Size<") || !opened.Has("I accept the terms.") {
			t.Errorf("%s", opened.Body)
		}
		s.Decide(s.Start(sold, s.Get(sold).FilledIn("quantity", "1", "team", "Blue", "consent", "yes")), "paid")
		if read("link"); kept.Quantity != 1 || kept.AmountMinor != 2000 || kept.Answers.Fields[0].Key != "team" || kept.Answers.Consent.Text != "I accept the terms." {
			t.Errorf("%+v", kept)
		}
	})
}

// Whoever has a product's page open while what it asks changes is told, and nothing is paid.
func TestAProductThatAsksSomethingElseIsShownAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		p := mustShirt(s)
		s.MustLink(link.Fields{Name: "Team shirt", Path: "team", Type: link.Product, ProductID: p.ID})
		for _, path := range []string{"/acme/shop/shirt", "/acme/shop/shirt?link=team"} {
			form := s.Get(path).FilledIn("quantity", "2", "size", "L", "consent", "yes")
			if _, err := s.Products.Edit(t.Context(), s.Business.ID, p.ID, 0, func(f *product.Fields) {
				f.Checkout.Questions = append(f.Checkout.Questions, checkout.Question{Key: "name_on_it", Label: "Name on " + path, Type: checkout.Text, Required: true})
			}); err != nil {
				t.Fatal(err)
			}
			if got := s.Post(path, form); got.StatusCode == http.StatusSeeOther || !got.Has("is new and must be answered") || !got.Has("Name on "+path) {
				t.Errorf("%d\n%.2000s", got.StatusCode, got.Body)
			}
			if _, err := s.Products.Edit(t.Context(), s.Business.ID, p.ID, 0, func(f *product.Fields) { f.Checkout.Questions = f.Checkout.Questions[:1] }); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Fewer units left than a payment of the product must buy are none, also once the product
// asks for more or fewer.
func TestALinkIsFullByWhatItsProductSellsAtLeast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		p := mustShirt(s)
		s.MustLink(link.Fields{Name: "Team shirt", Path: "team", Type: link.Product, ProductID: p.ID, Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}})
		const sold = "/acme/shop/shirt?link=team"
		s.Decide(s.Start(sold, s.Get(sold).FilledIn("quantity", "2", "size", "L", "consent", "yes")), "paid")
		for _, c := range []struct {
			least  int64
			status int
		}{{2, http.StatusGone}, {1, http.StatusOK}, {2, http.StatusGone}} {
			if _, err := s.Products.Edit(t.Context(), s.Business.ID, p.ID, 0, func(f *product.Fields) { f.Checkout.Quantity = &checkout.Quantity{Min: c.least, Max: 10} }); err != nil {
				t.Fatal(err)
			}
			if got := s.Get(sold); got.StatusCode != c.status {
				t.Errorf("at least %d: %d", c.least, got.StatusCode)
			}
			listed, err := s.Links.List(t.Context(), s.Business, link.Filter{Status: []link.Status{link.LimitReached}})
			if err != nil || (len(listed.Links) == 1) != (c.status == http.StatusGone) {
				t.Errorf("at least %d: %d links are full, %v", c.least, len(listed.Links), err)
			}
		}
	})
}
