package public_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// full is a link that takes one payment, and has it.
func mustFill(s *publictest.Site, name string, closed link.WhenClosed) link.Link {
	s.T.Helper()
	l := s.MustLink(link.Fields{Name: name, Limit: link.Limit{Kind: link.Once}, WhenClosed: closed, Thanks: "Bring your camera."})
	s.Settle(s.Post("/acme/"+l.Path, publictest.Payer()), "paid")
	return l
}

func TestAFullLinkLeadsOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		april := s.MustLink(link.Fields{Name: "Workshop April"})
		march := s.MustLink(link.Fields{Name: "Workshop March", Limit: link.Limit{Kind: link.Once}, Thanks: "Bring your camera.",
			WhenClosed: link.WhenClosed{Message: "The same day runs again in April.", Next: april.ID}})
		if paid := s.Settle(s.Post("/acme/workshop-march", publictest.Payer()), "paid"); !paid.Has("Bring your camera.") {
			t.Errorf("the link's own thanks are missing: %s", paid.Body)
		}
		got := s.Get("/acme/workshop-march?via=qr&name=Mara")
		if got.StatusCode != http.StatusGone || !got.Has("Payment limit reached") || !got.Has("The same day runs again in April.") || !got.Has("You have not been charged") {
			t.Errorf("%d: %s", got.StatusCode, got.Body)
		}
		if !got.Has(`href="/acme/workshop-april?name=Mara&amp;via=qr"`) {
			t.Errorf("no way on: %s", got.Body)
		}
		if _, err := s.Links.Edit(t.Context(), s.Business, march.ID, 0, func(f *link.Fields) { f.WhenClosed.Redirect = true }); err != nil {
			t.Fatal(err)
		}
		moved := s.Get("/acme/workshop-march?via=qr")
		if moved.StatusCode != http.StatusFound || moved.Header.Get("Location") != "/acme/workshop-april?via=qr" || moved.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("with redirect: %d to %q", moved.StatusCode, moved.Header.Get("Location"))
		}
		if got := s.Post("/acme/workshop-march", publictest.Payer()); got.StatusCode != http.StatusGone {
			t.Errorf("paying a full link answers %d", got.StatusCode)
		}
	})
}

func TestALinkDoesNotRedirectWhileItsLastPlaceIsOnlyHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Last", Limit: link.Limit{Kind: link.Once}, WhenClosed: link.WhenClosed{URL: "https://example.com/next", Redirect: true}})
		held := s.Post("/acme/last", publictest.Payer())
		if got := s.Get("/acme/last"); got.StatusCode != http.StatusOK {
			t.Errorf("held: %d", got.StatusCode)
		}
		s.Settle(held, "paid")
		if got := s.Get("/acme/last"); got.StatusCode != http.StatusFound || got.Header.Get("Location") != "https://example.com/next" {
			t.Errorf("used: %d %q", got.StatusCode, got.Header.Get("Location"))
		}
	})
}

// An address of ours may lead back here: a redirect to it would never end.
func TestALinkDoesNotRedirectToItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		here := s.Get("/acme").Request.URL.Host
		s.MustLink(link.Fields{Name: "Loop", Limit: link.Limit{Kind: link.Once}, WhenClosed: link.WhenClosed{URL: "http://" + here + "/acme/loop", Redirect: true}})
		s.Settle(s.Post("/acme/loop", publictest.Payer()), "paid")
		if got := s.Get("/acme/loop"); got.StatusCode != http.StatusGone || !got.Has(`href="http://`+here+`/acme/loop"`) {
			t.Errorf("it answers %d %q", got.StatusCode, got.Header.Get("Location"))
		}
	})
}

// Who came by a message or a site is counted so for the link that they are led to.
func TestTheFirstChannelIsKeptOnTheWayToTheNextLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		april := s.MustLink(link.Fields{Name: "April"})
		mustFill(s, "March", link.WhenClosed{Next: april.ID})
		got := s.Get("/acme/march", "Referer", "https://blog.example/post")
		cookie := ""
		for _, c := range got.Cookies() {
			if strings.HasSuffix(c.Name, string(april.ID[len(april.ID)-8:])) {
				cookie = c.Name + "=" + c.Value
			}
		}
		if cookie == "" {
			t.Fatalf("nothing is remembered for the next link: %v", got.Cookies())
		}
		s.Get("/acme/april", "Cookie", cookie, "Referer", s.URL+"/acme/march")
		s.Ask("POST", "/acme/april", publictest.Payer(), "Cookie", cookie)
		var channel, detail string
		if err := d.Get(t.Context(), &channel, `SELECT channel FROM attempts WHERE link_id = $1`, april.ID); err != nil {
			t.Fatal(err)
		}
		if err := d.Get(t.Context(), &detail, `SELECT channel_detail FROM attempts WHERE link_id = $1`, april.ID); err != nil {
			t.Fatal(err)
		}
		if channel != "referral" || detail != "blog.example" {
			t.Errorf("the payment came by %s %s", channel, detail)
		}
	})
}

func TestEndedAndEarlyLinksKeepTheirPageAndInactiveOnesSayNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		next := s.MustLink(link.Fields{Name: "Next"})
		closed := link.WhenClosed{Message: "Come to the next one.", Next: next.ID, Redirect: true}
		past, future := d.Clock().Now().Add(-time.Hour), d.Clock().Now().Add(time.Hour)
		for name, f := range map[string]link.Fields{
			"ended": {Name: "Ended", EndsAt: &past, WhenClosed: closed}, "early": {Name: "Early", StartsAt: &future, WhenClosed: closed},
		} {
			s.MustLink(f)
			if got := s.Get("/acme/" + name); got.StatusCode != http.StatusNotFound || !got.Has("Come to the next one.") || !got.Has(`href="/acme/next"`) {
				t.Errorf("%s: %d %s", name, got.StatusCode, got.Body)
			}
		}
		s.MustLink(link.Fields{Name: "Off", WhenClosed: closed}, publictest.Off)
		if got := s.Get("/acme/off"); got.StatusCode != http.StatusNotFound || got.Has("Come to the next one.") {
			t.Errorf("off: %d %s", got.StatusCode, got.Body)
		}
	})
}
