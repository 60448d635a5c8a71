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
	})
}
