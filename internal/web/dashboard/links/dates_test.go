package links_test

import (
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// A link that is on and can't be paid today for its dates says so where it is listed and on
// its own page, and is not called active.
func TestALinkOutsideOfItsDatesSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		day := func(n int) *time.Time { return new(d.Clock().Now().AddDate(0, 0, n)) }
		for name, c := range map[string]struct {
			starts, ends *time.Time
			says         string
			listed       bool
		}{
			"Autumn": {nil, day(-3), `</span> Closed</span>`, true},
			"Summer": {day(3), day(9), `</span> Not open yet</span>`, true},
			"Spring": {day(-3), day(3), `</span> Active</span>`, false},
		} {
			l, err := s.Links.Create(t.Context(), acme, link.Fields{Active: true, Name: name, Amount: &money.Amount{Minor: 2500, Currency: "EUR"}, StartsAt: c.starts, EndsAt: c.ends})
			if err != nil {
				t.Fatal(err)
			}
			if got := b.Get("/dashboard/acme/links/" + string(l.ID)); !got.Has(c.says) || got.Has(`</span> Active</span>`) != (c.says == `</span> Active</span>`) {
				t.Errorf("the page of %s: %s", name, got.Said())
			}
			if got := b.Get("/dashboard/acme/links?q=" + name); got.Has(`</span> Closed</span>`) || got.Has(`</span> Not open yet</span>`) {
				if !c.listed || !got.Has(c.says) {
					t.Errorf("the list with %s: %s", name, got.Said())
				}
			} else if c.listed {
				t.Errorf("the list with %s does not say it: %s", name, got.Said())
			}
			if _, err := s.Links.SetActive(t.Context(), acme, l.ID, false); err != nil {
				t.Fatal(err)
			}
			if got := b.Get("/dashboard/acme/links/" + string(l.ID)); !got.Has(`</span> Paused</span>`) || got.Has(`</span> Closed</span>`) {
				t.Errorf("the page of %s that is off: %s", name, got.Said())
			}
		}
	})
}
