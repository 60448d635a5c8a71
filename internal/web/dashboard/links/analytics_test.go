package links_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestFiguresOfALinkByPeriodAndOrigin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{})
		now := d.Clock().Now()
		s.Opened(t, acme, l,
			visit.View{At: now, Channel: "social", ChannelDetail: "instagram", Referrer: "https://www.instagram.com/p/1", Browser: "Safari", OS: "iOS", Language: "nl-NL"},
			visit.View{At: now, Channel: "campaign", Campaign: "=1+1 / mail", Browser: "Chrome", OS: "Mac", Language: "de"},
			visit.View{At: now.AddDate(0, 0, -10), Channel: "direct", Browser: "Chrome", OS: "Mac"},
			visit.View{At: now, Channel: "direct", Class: visit.Bot},
		)
		s.Counted(t, acme, l)
		b := s.SignedIn(t, "marit@example.com")
		at := "/dashboard/acme/links/" + string(l.ID) + "/analytics"

		page := b.Get(at + "?days=7")
		for _, part := range []string{"100.0% more than in the 7 days before", "Instagram", "instagram.com", "Dutch", "German", "1 opening by a bot", "50.0% of views"} {
			if !strings.Contains(page.Body, part) {
				t.Errorf("the page lacks %q: %s", part, page.Body)
			}
		}
		if page := b.Get(at + "?days=all"); !strings.Contains(page.Body, "Since ") || strings.Contains(page.Body, " days before") {
			t.Errorf("the whole life is compared: %s", page.Body)
		}
		bad := b.Get(at + "?from=2026-02-20&to=yesterday")
		if bad.Status != http.StatusUnprocessableEntity || !strings.Contains(bad.Body, "Choose a date, such as") || !strings.Contains(bad.Body, `value="yesterday"`) {
			t.Errorf("a wrong date: %d %s", bad.Status, bad.Body)
		}

		today := now.In(acme.Location()).Format(time.DateOnly)
		if all := b.Get(at + "?from=1900-01-01&to=" + today); all.Status != http.StatusOK || all.Has("1900") {
			t.Errorf("from 1900: %d %s", all.Status, all.Said())
		}
		if none := b.Get(at + "?from=0001-01-01&to=" + today); none.Status != http.StatusUnprocessableEntity || !none.Has("Choose a date") {
			t.Errorf("from the year 1: %d", none.Status)
		}
		csv := b.Get(at + ".csv?from=" + today + "&to=" + today)
		if want := today + ",2,0,1,1,50.0,49.00,0.00,0.00,49.00,EUR"; !strings.Contains(csv.Body, want) {
			t.Errorf("the CSV lacks %q: %s", want, csv.Body)
		}
		if csv := b.Get(at + ".csv?by=campaign"); !strings.Contains(csv.Body, "'=1+1 / mail,1,") {
			t.Errorf("a formula is exported: %s", csv.Body)
		}
		if odd := b.Get(at + ".csv?by=shoe-size"); odd.Status != http.StatusNotFound {
			t.Errorf("figures by shoe size: %d", odd.Status)
		}
	})
}
