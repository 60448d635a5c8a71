package business_test

import (
	"slices"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

func TestSitesThatMayFrameAreNamedByTheirOrigin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		all := businesstest.New(t, d)
		typed := []string{"https://www.Studio.example/", "https://studio.example:8443", "https://www.studio.example", "http://localhost:3000"}
		after, err := all.Update(t.Context(), b.ID, 0, business.Patch{FrameOrigins: &typed})
		want := []string{"https://www.studio.example", "https://studio.example:8443", "http://localhost:3000"}
		if err != nil || !slices.Equal(after.FrameOrigins, want) {
			t.Errorf("%v, %v", after.FrameOrigins, err)
		}
		if read, err := all.ByID(t.Context(), b.ID); err != nil || !slices.Equal(read.FrameOrigins, want) {
			t.Errorf("read %v, %v", read.FrameOrigins, err)
		}
		for _, wrong := range []string{
			"studio.example", "http://studio.example", "https://*", "https://*.example", "https://studio.example/shop", "https://a.example;script-src",
			"javascript:alert(1)", "https://user@studio.example", "https://studio.example?x", "https://'self'", "https://", "https://studio.example\u00a0evil.example",
		} {
			if _, err := all.Update(t.Context(), b.ID, 0, business.Patch{FrameOrigins: &[]string{wrong}}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
	})
}
