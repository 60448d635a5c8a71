package picker_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// The newest come first, any part finds, and what was typed can be added.
func TestProductsAndLinksAreFoundHoweverManyThereAre(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		var oldest link.Link
		var sold product.Product
		for i := range 23 {
			s.DB.Clock().SetOffset(time.Duration(i) * time.Second) // those of one instant have no order
			p, err := s.Products.Create(t.Context(), acme, product.Fields{Name: fmt.Sprintf("Print %02d", i), Price: money.Amount{Minor: 4500}, Active: i != 22})
			if err != nil {
				t.Fatal(err)
			}
			if l := s.Link(t, acme, link.Fields{Name: fmt.Sprintf("Evening %02d", i)}); i == 0 {
				oldest, sold = l, p
			}
		}
		b, other := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "zoe@example.com")
		for _, c := range []struct{ at, has, hasNot string }{
			{"/products/find", "Print 21", "Print 22"}, // the newest is not on sale
			{"/products/find", "Print 02", "Print 01"},
			{"/products/find?q=int+00", "€45.00", "Print 01"},
			{"/products/find?q=Poster", "data-pick-adds", "Print"},
			{"/products/find?id=" + string(sold.ID), "Print 00 – €45.00", "Print 01"},
			{"/links/find", "Evening 22", "Evening 01"},
			{"/links/find?q=vening+00", string(oldest.ID), "Evening 01"},
			{"/links/find?q=vening+00&except=" + string(oldest.ID), "0 results", string(oldest.ID)},
			{"/links/find?q=Night", "/dashboard/acme/links/new?name=Night", "Evening"},
			{"/links/find?id=" + string(oldest.ID), "Evening 00 – evening-00", "Evening 01"},
		} {
			got := b.Get("/dashboard/acme" + c.at)
			if got.Status != http.StatusOK || !strings.Contains(strings.ReplaceAll(got.Body, "Nothing found", "0 results"), c.has) || strings.Contains(got.Body, c.hasNot) {
				t.Errorf("%s: %d, without %s or with %s: %.400s", c.at, got.Status, c.has, c.hasNot, got.Body)
			}
		}
		if got := other.Get("/dashboard/zenith/links/find?q=" + url.QueryEscape("evening")); got.Has("Evening 0") {
			t.Error("another business finds them")
		}
	})
}
