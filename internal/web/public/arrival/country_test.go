package arrival_test

import (
	"net/http"
	"net/netip"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/geo"
	"smartlinks/internal/geo/geotest"
	"smartlinks/internal/link"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

func TestTheCountryIsKeptAndNothingElseOfTheFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		file, err := geo.Open(geotest.File(t, map[string]string{"203.0.113.0/24": "NL"}))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) { c.Country = func(at netip.Addr) string { return file.Of(at) } })
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		if got := s.Get("/acme/sale", "X-Forwarded-For", "203.0.113.7"); got.StatusCode != http.StatusOK {
			t.Fatal(got.StatusCode)
		}
		if got := s.Post("/acme/sale", publictest.Payer(), "X-Forwarded-For", "203.0.113.7"); got.StatusCode != http.StatusSeeOther {
			t.Fatal(got.StatusCode)
		}
		for _, table := range []string{"views", "attempts"} {
			var kept struct{ Country, Device string }
			if err := d.Get(t.Context(), &kept, `SELECT country, device FROM `+table+` WHERE link_id = $1`, l.ID); err != nil || kept.Country != "NL" || kept.Device != "desktop" {
				t.Errorf("%s keep %+v, %v", table, kept, err)
			}
		}
		today := visit.DayOf(d.Clock().Now())
		for facet, want := range map[visit.Facet]string{visit.FacetCountry: "NL", visit.FacetDevice: "desktop"} {
			shares, err := visit.Breakdown(t.Context(), d, string(s.Business.ID), string(l.ID), string(s.Business.Mode), visit.Span{First: today, Last: today}, facet)
			if err != nil || len(shares) != 1 || shares[0].Value != want || shares[0].Views != 1 || shares[0].Attempts != 1 {
				t.Errorf("by %s: %+v, %v", facet, shares, err)
			}
		}
	})
}
