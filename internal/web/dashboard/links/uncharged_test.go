package links_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// Whoever connects a provider that can't charge what older links ask reads so at once,
// and finds each of them.
func TestLinksThatTheProviderCannotChargeAreMarked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		l, err := s.Links.Create(t.Context(), acme, link.Fields{Active: true, Name: "Tiny", Amount: &money.Amount{Minor: 25, Currency: "EUR"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Products.Create(t.Context(), acme, product.Fields{Name: "Sticker", Price: money.Amount{Minor: 30, Currency: "EUR"}, Active: true}); err != nil {
			t.Fatal(err)
		}
		for _, page := range []string{"/dashboard/acme/links", "/dashboard/acme/products", "/dashboard/acme/links/" + string(l.ID)} {
			if got := b.Get(page); got.Has("Can’t be paid") || got.Has("Nobody can pay this link") {
				t.Errorf("%s marks what the sandbox takes", page)
			}
		}
		const providers = "/dashboard/acme/settings/providers"
		if got := b.Post(providers, url.Values{"provider": {"stripe"}, "key": {"sk_test_acme1234"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("connecting: %d %s", got.Status, got.Said())
		}
		for page, says := range map[string]string{
			providers:                               "Stripe can’t charge the amounts of 1 link and 1 product, so nobody can pay them.",
			"/dashboard/acme/links":                 "Can’t be paid",
			"/dashboard/acme/products":              "Stripe charges at least €0.50. Raise the amount.",
			"/dashboard/acme/links/" + string(l.ID): "Nobody can pay this link. Stripe charges at least €0.50. Raise the amount.",
		} {
			if got := b.Get(page); !got.Has(says) {
				t.Errorf("%s lacks %q: %s", page, says, got.Said())
			}
		}
		if got := b.Post("/dashboard/acme/account/language", url.Values{"language": {"nl"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("the language: %d %s", got.Status, got.Said())
		}
		for _, page := range []string{"/dashboard/acme/links", "/dashboard/acme/products", "/dashboard/acme/links/" + string(l.ID)} {
			if got := b.Get(page); !got.Has("Stripe int minstens") {
				t.Errorf("%s does not say why in Dutch: %s", page, got.Said())
			}
		}
	})
}

// A link that is on while its product is not for sale says so wherever its merchant meets it.
func TestALinkSaysThatItsProductIsNotForSale(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		p, err := s.Products.Create(t.Context(), acme, product.Fields{Name: "Print", Price: money.Amount{Minor: 3000, Currency: "EUR"}, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.Links.Create(t.Context(), acme, link.Fields{Active: true, Name: "Print", Type: link.Product, ProductID: p.ID})
		if err != nil {
			t.Fatal(err)
		}
		page := "/dashboard/acme/links/" + string(l.ID)
		const why = "Its product is not for sale. Switch the product on to take payments."
		if got := b.Get(page); got.Has(why) || !got.Has("Active") {
			t.Errorf("one that is for sale: %s", got.Said())
		}
		if _, err := s.Products.Edit(t.Context(), acme.ID, p.ID, 0, func(f *product.Fields) { f.Active = false }); err != nil {
			t.Fatal(err)
		}
		for _, at := range []string{page, "/dashboard/acme/links"} {
			if got := b.Get(at); !got.Has(why, "Can’t be paid") {
				t.Errorf("%s does not say so: %s", at, got.Said())
			}
		}
		b.Post(page+"/active", url.Values{})
		if got := b.Get(page); got.Has(why) {
			t.Error("a paused link says more than that it is paused")
		}
		if got := b.Get(b.Post(page+"/active", url.Values{"active": {"on"}}).Location); !got.Has("Print is active", why) {
			t.Errorf("switched on: %s", got.Said())
		}
	})
}
