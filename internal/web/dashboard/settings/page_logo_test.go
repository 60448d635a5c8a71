package settings_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// pageFields is goodPage for a form with a file.
func pageFields(version string) map[string]string {
	fields := map[string]string{}
	for name, values := range dashboardtest.With(goodPage(), "version", version) {
		fields[name] = values[0]
	}
	return fields
}

func TestLogoIsShownReplacedAndRemoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		stored := func() string {
			t.Helper()
			after, err := s.Businesses.ByID(context.Background(), acme.ID)
			if err != nil {
				t.Fatal(err)
			}
			return after.LogoID
		}
		if got := b.UploadAs("logo", "/dashboard/acme/page", pageFields("1"), dashboardtest.Picture(t)); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		first := stored()
		if page := b.Get("/dashboard/acme/links"); first == "" || !page.Has(`<img src="/dashboard/acme/images/`+first) {
			t.Errorf("the sidebar doesn't show the logo %q", first)
		}
		if got := b.Get("/dashboard/acme/images/" + first); got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/png" {
			t.Errorf("the logo: %d, %s", got.Status, got.Header.Get("Content-Type"))
		}
		if got := b.Post("/dashboard/acme/page", dashboardtest.With(dashboardtest.With(goodPage(), "version", "2"), "title", "Another")); got.Status != http.StatusSeeOther || stored() != first {
			t.Errorf("another change: %d, and the logo is %q", got.Status, stored())
		}
		if got := b.UploadAs("logo", "/dashboard/acme/page", pageFields("3"), dashboardtest.Picture(t)); got.Status != http.StatusSeeOther || stored() == first {
			t.Errorf("replacing: %d", got.Status)
		}
		if got := b.Get("/dashboard/acme/images/" + first); got.Status != http.StatusNotFound {
			t.Errorf("the logo before: %d", got.Status)
		}
		if got := b.Post("/dashboard/acme/page", dashboardtest.With(dashboardtest.With(goodPage(), "version", "4"), "remove_logo", "on")); got.Status != http.StatusSeeOther || stored() != "" {
			t.Errorf("removing: %d, and the logo is %q", got.Status, stored())
		}
	})
}

func TestBadLogosAreRefusedAtTheField(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	for name, c := range map[string]struct {
		file []byte
		said string
	}{
		"SVG":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "Use a JPEG, PNG, WebP or GIF picture."},
		"empty type":  {[]byte("no picture"), "Use a JPEG, PNG, WebP or GIF picture."},
		"cut":         {dashboardtest.Picture(t)[:40], "be read"},
		"three MB":    {bytes.Repeat([]byte("a"), 3<<20), "larger than 2 MB"},
		"thirty MB":   {bytes.Repeat([]byte("a"), 30<<20), "larger than 2 MB"},
		"other wrong": {dashboardtest.Picture(t), "Choose the logo again"},
	} {
		fields := pageFields("1")
		if name == "other wrong" {
			fields["min"] = "oops"
		}
		got := b.UploadAs("logo", "/dashboard/acme/page", fields, c.file)
		if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="logo-error"`, c.said, "Every bit helps.") {
			t.Errorf("%s: %d, told: %v", name, got.Status, got.Has(c.said))
		}
	}
	if after, err := s.Businesses.ByID(context.Background(), acme.ID); err != nil || after.Version != 1 {
		t.Errorf("something was stored: %+v, %v", after, err)
	}
}

func TestHandleIsRenamedAndTheOldOneLeadsOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for _, handle := range []string{"", "zenith", "dashboard", "Acme", "1acme", "a b"} {
			got := b.Post("/dashboard/acme/page", dashboardtest.With(goodPage(), "handle", handle))
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="handle-error"`, "Every bit helps.", `value="`+handle+`"`) {
				t.Errorf("%q: %d, told at the field: %v", handle, got.Status, got.Has(`id="handle-error"`))
			}
		}
		if got := b.Post("/dashboard/acme/page", dashboardtest.With(goodPage(), "handle", "acme-books")); got.Status != http.StatusSeeOther || got.Location != "/dashboard/acme-books/page" {
			t.Fatalf("renaming: %d to %s", got.Status, got.Location)
		}
		if got := b.Get("/dashboard/acme/page"); got.Status != http.StatusSeeOther || got.Location != "/dashboard/acme-books" {
			t.Errorf("the old handle: %d to %s", got.Status, got.Location)
		}
	})
}
