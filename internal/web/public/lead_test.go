package public_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// full is a link that takes one payment, and has it.
func (s *site) full(name string, closed link.WhenClosed) link.Link {
	s.t.Helper()
	l := s.mustLink(link.Fields{Name: name, Limit: link.Limit{Kind: link.Once}, WhenClosed: closed, Thanks: "Bring your camera."})
	s.settle(s.post("/acme/"+l.Path, payer()), "paid")
	return l
}

// settle ends a checkout of the sandbox, and shows the payer's page.
func (s *site) settle(started page, outcome string) page {
	s.t.Helper()
	if started.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("the payment answers %d: %s", started.StatusCode, started.body)
	}
	ended := s.post(s.path(started.Header.Get("Location")), map[string][]string{"outcome": {outcome}})
	return s.get(s.path(ended.Header.Get("Location")))
}

func (s *site) path(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if rest == "" {
		return address
	}
	return rest[strings.Index(rest, "/"):]
}

func TestAFullLinkLeadsOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		april := s.mustLink(link.Fields{Name: "Workshop April"})
		march := s.mustLink(link.Fields{Name: "Workshop March", Limit: link.Limit{Kind: link.Once}, Thanks: "Bring your camera.",
			WhenClosed: link.WhenClosed{Message: "The same day runs again in April.", Next: april.ID}})
		if paid := s.settle(s.post("/acme/workshop-march", payer()), "paid"); !paid.has("Bring your camera.") {
			t.Errorf("the link's own thanks are missing: %s", paid.body)
		}
		got := s.get("/acme/workshop-march?via=qr&name=Mara")
		if got.StatusCode != http.StatusGone || !got.has("Payment limit reached") || !got.has("The same day runs again in April.") || !got.has("You have not been charged") {
			t.Errorf("%d: %s", got.StatusCode, got.body)
		}
		if !got.has(`href="/acme/workshop-april?name=Mara&amp;via=qr"`) {
			t.Errorf("no way on: %s", got.body)
		}
		if _, err := s.links.Edit(t.Context(), s.business, march.ID, 0, func(f *link.Fields) { f.WhenClosed.Redirect = true }); err != nil {
			t.Fatal(err)
		}
		moved := s.get("/acme/workshop-march?via=qr")
		if moved.StatusCode != http.StatusFound || moved.Header.Get("Location") != "/acme/workshop-april?via=qr" || moved.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("with redirect: %d to %q", moved.StatusCode, moved.Header.Get("Location"))
		}
		if got := s.post("/acme/workshop-march", payer()); got.StatusCode != http.StatusGone {
			t.Errorf("paying a full link answers %d", got.StatusCode)
		}
	})
}

func TestALinkDoesNotRedirectWhileItsLastPlaceIsOnlyHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Last", Limit: link.Limit{Kind: link.Once}, WhenClosed: link.WhenClosed{URL: "https://example.com/next", Redirect: true}})
		held := s.post("/acme/last", payer())
		if got := s.get("/acme/last"); got.StatusCode != http.StatusOK {
			t.Errorf("held: %d", got.StatusCode)
		}
		s.settle(held, "paid")
		if got := s.get("/acme/last"); got.StatusCode != http.StatusFound || got.Header.Get("Location") != "https://example.com/next" {
			t.Errorf("used: %d %q", got.StatusCode, got.Header.Get("Location"))
		}
	})
}

// An address of ours may lead back here: a redirect to it would never end.
func TestALinkDoesNotRedirectToItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		here := s.get("/acme").Request.URL.Host
		s.mustLink(link.Fields{Name: "Loop", Limit: link.Limit{Kind: link.Once}, WhenClosed: link.WhenClosed{URL: "http://" + here + "/acme/loop", Redirect: true}})
		s.settle(s.post("/acme/loop", payer()), "paid")
		if got := s.get("/acme/loop"); got.StatusCode != http.StatusGone || !got.has(`href="http://`+here+`/acme/loop"`) {
			t.Errorf("it answers %d %q", got.StatusCode, got.Header.Get("Location"))
		}
	})
}

// Who came by a message or a site is counted so for the link that they are led to.
func TestTheFirstChannelIsKeptOnTheWayToTheNextLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		april := s.mustLink(link.Fields{Name: "April"})
		s.full("March", link.WhenClosed{Next: april.ID})
		got := s.get("/acme/march", "Referer", "https://blog.example/post")
		cookie := ""
		for _, c := range got.Cookies() {
			if strings.HasSuffix(c.Name, string(april.ID[len(april.ID)-8:])) {
				cookie = c.Name + "=" + c.Value
			}
		}
		if cookie == "" {
			t.Fatalf("nothing is remembered for the next link: %v", got.Cookies())
		}
		s.get("/acme/april", "Cookie", cookie, "Referer", s.url+"/acme/march")
		s.ask("POST", "/acme/april", payer(), "Cookie", cookie)
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
		s := mustSite(t, d, "http")
		next := s.mustLink(link.Fields{Name: "Next"})
		closed := link.WhenClosed{Message: "Come to the next one.", Next: next.ID, Redirect: true}
		past, future := d.Clock().Now().Add(-time.Hour), d.Clock().Now().Add(time.Hour)
		for name, f := range map[string]link.Fields{
			"ended": {Name: "Ended", EndsAt: &past, WhenClosed: closed}, "early": {Name: "Early", StartsAt: &future, WhenClosed: closed},
		} {
			s.mustLink(f)
			if got := s.get("/acme/" + name); got.StatusCode != http.StatusNotFound || !got.has("Come to the next one.") || !got.has(`href="/acme/next"`) {
				t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
			}
		}
		s.mustLink(link.Fields{Name: "Off", WhenClosed: closed}, off)
		if got := s.get("/acme/off"); got.StatusCode != http.StatusNotFound || got.has("Come to the next one.") {
			t.Errorf("off: %d %s", got.StatusCode, got.body)
		}
	})
}
