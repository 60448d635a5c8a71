package linkform_test

import (
	"net/http"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestALinkSellsUnitsByItsForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		units := dashboardtest.With(goodLink(), "path", "units", "limit_units", "on", "quantity_max", "4", "quantity_min", "2")
		if got := b.Post("/dashboard/acme/links", dashboardtest.With(goodLink(), "quantity_max", "many")); got.Status != http.StatusUnprocessableEntity || !got.Has("Enter a whole number, like 2.", `value="many"`) {
			t.Errorf("no number: %d %s", got.Status, got.Said())
		}
		if got := b.Post("/dashboard/acme/links", units); got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		m, err := s.Links.ByPath(t.Context(), acme, "units")
		if q := m.Link.Checkout.Quantity; err != nil || q == nil || q.Min != 2 || q.Max != 4 || m.Link.Limit != (link.Limit{Kind: link.Multiple, Max: 12, Counts: link.Units}) {
			t.Fatalf("%+v, %v", m.Link.Fields, err)
		}
		if form := b.Get("/dashboard/acme/links/" + string(m.Link.ID) + "/edit"); !form.Has(`name="quantity_max"`, `value="4"`, "Payers choose up to 4") {
			t.Errorf("the form does not show what was set: %s", form.Said())
		}
	})
}
