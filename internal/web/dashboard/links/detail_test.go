package links_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestPageOfALinkShowsItsFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Limit: link.Limit{Kind: link.Multiple, Max: 20}, Notes: "Ask Sanne.", Tags: tag.Named("Spring")})
		s.Views(t, acme, l, 23)
		b := s.SignedIn(t, "marit@example.com")
		page := b.Get("/dashboard/acme/links/" + string(l.ID))
		if page.Status != http.StatusOK {
			t.Fatalf("the page: %d %s", page.Status, page.Said())
		}
		for _, text := range []string{
			">23<", "23 in the last 7 days", "4.3% conversion", "€89.00", "€10.00 refunded", "€79.00 net", "20 left",
			"The page closes after payment 20.", "/acme/photography-workshop/qr.png", "Ask Sanne.", "Spring", "Social",
			"203.0.113.xxx", "instagram.com", "2 openings by bots", "Show the figures as a table",
			"<td>18 Feb 2026</td>", "<td>20 Jan 2026</td>", // today, in a time zone whose days begin before those of UTC
		} {
			if !page.Has(text) {
				t.Errorf("the page does not say %q", text)
			}
		}
	})
}

func TestActivityPagesLeadForthAndBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{})
		s.Views(t, acme, l, 23)
		b := s.SignedIn(t, "marit@example.com")
		first := b.Get("/dashboard/acme/links/" + string(l.ID) + "?activity=view")
		second := b.Get(pageHref(t, first, "Older"))
		third := b.Get(pageHref(t, second, "Older"))
		if !first.Has("Safari 22 /") || !second.Has("Safari 12 /") || !third.Has("Safari 2 /") {
			t.Fatal("the pages do not follow each other")
		}
		if back := b.Get(pageHref(t, third, "Newer")); !back.Has("Safari 12 /") {
			t.Error("“Newer” on the third page does not lead to the second")
		}
		if back := b.Get(pageHref(t, second, "Newer")); !back.Has("Safari 22 /") {
			t.Error("“Newer” on the second page does not lead to the first")
		}
	})
}

// pageHref is where a step of the pager leads.
func pageHref(t testing.TB, a dashboardtest.Answer, label string) string {
	t.Helper()
	_, pager, _ := strings.Cut(a.Body, `aria-label="Pages"`)
	for _, part := range strings.Split(pager, "<a ") {
		if text, _, _ := strings.Cut(part, "</a>"); strings.Contains(text, label) {
			href, _, _ := strings.Cut(dashboardtest.Between(t, part, "", `href="`, `"`), "#")
			return href
		}
	}
	t.Fatalf("the page has no way %q", label)
	return ""
}

// A link that is paid more often than it is opened says so.
func TestConversionAboveAHundredIsShown(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{})
	err := s.DB.InTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `
			INSERT INTO link_totals (link_id, mode, business_id, views, payments, revenue_minor) VALUES ($1, $2, $3, 2, 3, 26700)`, l.ID, acme.Mode, acme.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b := s.SignedIn(t, "marit@example.com")
	if page := b.Get("/dashboard/acme/links/" + string(l.ID)); !page.Has("150.0% conversion") {
		t.Errorf("the page: %d", page.Status)
	}
}

func TestPaymentsTabNamesPayerReceiptAndStatus(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{})
		s.Paid(t, acme, l)
		b := s.SignedIn(t, "marit@example.com")
		page := b.Get("/dashboard/acme/links/" + string(l.ID) + "?activity=payment")
		if !page.Has("Léa Moreau", "lea@example.fr", "TEST-2026-00001", "Paid", "€89.00", "18 Feb 2026, 10:42", "just now") {
			t.Errorf("the payments: %d %s", page.Status, page.Said())
		}
		if page := b.Get("/dashboard/acme/links/" + string(l.ID) + "?activity=view"); page.Has("Léa Moreau") {
			t.Error("the views name a payer")
		}
	})
}

func TestALinkOffersCodesToPrintAndToEmbed(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{Name: `Tea & "cake"`})
	b := s.SignedIn(t, "marit@example.com")
	at := "/dashboard/acme/links/" + string(l.ID)
	page := b.Get(at)
	for _, text := range []string{
		"/qr.pdf?size=a4", "/qr.pdf?size=a6", "/qr.png?logo=1&amp;size=1000", "/qr.svg?logo=1", "At least 2 cm wide",
		"Tea &amp;amp; &amp;#34;cake&amp;#34; · €89.00", // code within a field: escaped twice
		"name your site in the",
	} {
		if !page.Has(text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	form := url.Values{"handle": {"acme"}, "enabled": {"on"}, "brand_color": {"#0E5A5C"}, "suggested": {"10, ten"}, "frame_origins": {"https://www.studio.example\nhttp://evil"}}
	if got := b.Post("/dashboard/acme/page", form); got.Status != http.StatusUnprocessableEntity || !got.Has("is no address of a site", "Separate amounts with spaces") {
		t.Errorf("wrong settings: %d %s", got.Status, got.Said())
	}
	form.Set("frame_origins", "https://www.studio.example/")
	form.Set("suggested", "10, 25 50")
	if got := b.Post("/dashboard/acme/page", form); got.Status != http.StatusSeeOther {
		t.Fatalf("right settings: %d %s", got.Status, got.Said())
	}
	if settings := b.Get("/dashboard/acme/page"); !settings.Has("10.00, 25.00, 50.00", "https://www.studio.example</textarea>") {
		t.Error("the settings are not shown again")
	}
	if page := b.Get(at); !page.Has("&lt;iframe src=", "?embed&#34;") {
		t.Error("no code of a frame, although a site may show it")
	}
}
