package dashboard_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/visit"
)

// opened records that people opened the link, by the way that a server does.
func (s *site) opened(t testing.TB, b business.Business, l link.Link, views ...visit.View) {
	t.Helper()
	r, err := visit.NewRecorder(t.Context(), s.DB, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, v := range views {
		v.BusinessID, v.TargetID, v.Mode = string(b.ID), string(l.ID), string(b.Mode)
		v.Day = visit.DayOf(v.At.In(b.Location()))
		if v.Class == "" {
			v.Class = visit.Human
		}
		if err := r.Record(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
}

// counted counts a payment of €49.00 that came from Instagram.
func (s *site) counted(t testing.TB, b business.Business, l link.Link) {
	t.Helper()
	a := payment.Attempt{BusinessID: b.ID, LinkID: l.ID, Mode: b.Mode, CreatedAt: s.DB.Clock().Now(), Attribution: payment.Attribution{
		Channel: "social", Detail: "instagram", Referrer: "instagram.com", Browser: "Safari", OS: "iOS", Language: "nl",
	}}
	err := s.DB.InTx(t.Context(), func(tx *db.Tx) error {
		if err := visit.CountAttempt(t.Context(), tx, a); err != nil {
			return err
		}
		return visit.CountPayment(t.Context(), tx, payment.Payment{Attempt: a, Captured: money.Amount{Minor: 4900, Currency: "EUR"}, PaidAt: a.CreatedAt})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFiguresOfALinkByPeriodAndOrigin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		l := s.link(t, acme, link.Draft{})
		now := d.Clock().Now()
		s.opened(t, acme, l,
			visit.View{At: now, Channel: "social", ChannelDetail: "instagram", Referrer: "https://www.instagram.com/p/1", Browser: "Safari", OS: "iOS", Language: "nl-NL"},
			visit.View{At: now, Channel: "campaign", Campaign: "=1+1 / mail", Browser: "Chrome", OS: "Mac", Language: "de"},
			visit.View{At: now.AddDate(0, 0, -10), Channel: "direct", Browser: "Chrome", OS: "Mac"},
			visit.View{At: now, Channel: "direct", Class: visit.Bot},
		)
		s.counted(t, acme, l)
		b := s.signedIn(t, "marit@example.com")
		at := "/dashboard/acme/links/" + string(l.ID) + "/analytics"

		page := b.get(at + "?days=7")
		for _, part := range []string{"100.0% more than in the 7 days before", "Instagram", "instagram.com", "Dutch", "German", "1 opening by a bot", "50.0% of views"} {
			if !strings.Contains(page.Body, part) {
				t.Errorf("the page lacks %q: %s", part, page.Body)
			}
		}
		if page := b.get(at + "?days=all"); !strings.Contains(page.Body, "Since ") || strings.Contains(page.Body, " days before") {
			t.Errorf("the whole life is compared: %s", page.Body)
		}
		bad := b.get(at + "?from=2026-02-20&to=yesterday")
		if bad.Status != http.StatusUnprocessableEntity || !strings.Contains(bad.Body, "Choose a date, like") || !strings.Contains(bad.Body, `value="yesterday"`) {
			t.Errorf("a wrong date: %d %s", bad.Status, bad.Body)
		}

		today := now.In(acme.Location()).Format(time.DateOnly)
		if all := b.get(at + "?from=1900-01-01&to=" + today); all.Status != http.StatusOK || all.Has("1900") {
			t.Errorf("from 1900: %d %s", all.Status, all.Said())
		}
		if none := b.get(at + "?from=0001-01-01&to=" + today); none.Status != http.StatusUnprocessableEntity || !none.Has("Choose a date") {
			t.Errorf("from the year 1: %d", none.Status)
		}
		csv := b.get(at + ".csv?from=" + today + "&to=" + today)
		if want := today + ",2,0,1,1,50.0,49.00,0.00,0.00,49.00,EUR"; !strings.Contains(csv.Body, want) {
			t.Errorf("the CSV lacks %q: %s", want, csv.Body)
		}
		if csv := b.get(at + ".csv?by=campaign"); !strings.Contains(csv.Body, "'=1+1 / mail,1,") {
			t.Errorf("a formula is exported: %s", csv.Body)
		}
		if odd := b.get(at + ".csv?by=shoe-size"); odd.Status != http.StatusNotFound {
			t.Errorf("figures by shoe size: %d", odd.Status)
		}
	})
}
