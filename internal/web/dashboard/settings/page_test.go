package settings_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func goodPage() url.Values {
	return url.Values{
		"version": {"1"}, "handle": {"acme"}, "enabled": {"on"}, "title": {"Support us"}, "description": {"Every bit helps."}, "success": {"Thank you."},
		"default": {"25"}, "min": {"5"}, "max": {"500"}, "brand_color": {"#aa3300"},
	}
}

func TestPageSettingsAreSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Post("/dashboard/acme/page", goodPage()); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		after, err := s.Businesses.ByID(context.Background(), acme.ID)
		if err != nil || after.Page.Title != "Support us" || after.Page.Min.Minor != 500 || after.Page.PayerAmount || after.BrandColor != "#AA3300" {
			t.Errorf("stored %+v, %v", after, err)
		}
		if page := b.Get("/dashboard/acme/page"); !page.Has(`value="Support us"`, `value="25.00"`, "is saved") {
			t.Errorf("the form afterwards: %d", page.Status)
		}
		if got := b.Post("/dashboard/acme/page", goodPage()); got.Status != http.StatusConflict || !got.Has("Somebody changed this") {
			t.Errorf("a stale form: %d", got.Status)
		}
	})
}

func TestPageMistakesKeepWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for _, c := range []struct{ input, value string }{
			{"min", "1,500"}, {"min", "600"}, {"max", "0"}, {"default", "1"}, {"brand_color", "red"}, {"title", "bad\x02"},
		} {
			got := b.Post("/dashboard/acme/page", dashboardtest.With(goodPage(), c.input, c.value))
			wrong := c.input
			if c.value == "600" {
				wrong = "max"
			}
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+wrong+`-error"`, "Every bit helps.") {
				t.Errorf("%s = %q: %d, told at the field: %v", c.input, c.value, got.Status, got.Has(`id="`+wrong+`-error"`))
			}
		}
		if after, err := s.Businesses.ByID(context.Background(), acme.ID); err != nil || after.Version != 1 {
			t.Errorf("something was stored: version %d, %v", after.Version, err)
		}
	})
}
