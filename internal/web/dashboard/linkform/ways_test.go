package linkform_test

import (
	"net/http"
	"slices"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestALinkIsPaidInTheWaysThatItsFormChooses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := dashboardtest.With(goodLink(), "path", "ways", "methods_kind", "some")
		for _, wrong := range [][]string{nil, {"barter"}} {
			form["methods"] = wrong
			if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="methods-error"`, `id="section-ways" open`) {
				t.Fatalf("%q: %d %s", wrong, got.Status, got.Said())
			}
		}
		form["methods"] = []string{"ideal", "card"}
		if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		m, err := s.Links.ByPath(t.Context(), acme, "ways")
		if err != nil || !slices.Equal(m.Link.Checkout.Methods, []string{"ideal", "card"}) {
			t.Fatalf("%v, %v", m.Link.Checkout.Methods, err)
		}
		edit := "/dashboard/acme/links/" + string(m.Link.ID) + "/edit"
		if page := b.Get(edit); !page.Has("iDEAL, Card", `name="methods" value="ideal" checked`) {
			t.Errorf("the form does not show them: %s", page.Said())
		}
		if got := b.Post(edit, dashboardtest.With(form, "version", "1", "methods_kind", "all")); got.Status != http.StatusSeeOther {
			t.Fatalf("all ways: %d %s", got.Status, got.Said())
		}
		if m, err = s.Links.ByPath(t.Context(), acme, "ways"); err != nil || len(m.Link.Checkout.Methods) > 0 {
			t.Errorf("%v, %v", m.Link.Checkout.Methods, err)
		}
	})
}

func TestWhoTakesTransfersAloneIsToldWhoCanPayTheLastPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		told := func(page dashboardtest.Answer) bool { return page.Has("can make the last payment") }
		if told(b.Get("/dashboard/acme/links/new")) {
			t.Error("said although payers have another way")
		}
		chosen := dashboardtest.With(goodLink(), "path", "once", "limit", "once", "methods_kind", "some", "methods", checkout.ByTransfer, "name", "")
		if !told(b.Post("/dashboard/acme/links", chosen)) {
			t.Error("not said of a link with this way alone")
		}
		s.Exec(t, `UPDATE businesses SET provider = $1 WHERE id = $2`, banktransfer.Name, acme.ID)
		if !told(b.Get("/dashboard/acme/links/new")) {
			t.Error("not said of a business with this way alone")
		}
	})
}
