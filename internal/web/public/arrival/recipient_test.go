package arrival_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// attributed is what a view or an attempt says of its way here.
type attributed struct{ Channel, ChannelDetail, RecipientToken string }

func attribution(s *publictest.Site, table string) []attributed {
	s.T.Helper()
	var all []attributed
	if err := s.DB.Select(s.T.Context(), &all, `SELECT channel, channel_detail, recipient_token FROM `+table+` ORDER BY id`); err != nil {
		s.T.Fatal(err)
	}
	return all
}

func TestAShortLinkLeadsToTheLinkAndIsAttributed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		_, token := s.Sent(l, delivery.KindSend)
		b := s.Browser()
		short := b.Get("/r/" + token)
		to := short.Header.Get("Location")
		if short.StatusCode != http.StatusFound || to != "/acme/sale?via=email" || len(attribution(s, "views")) != 0 {
			t.Fatalf("%d to %q, views %v", short.StatusCode, to, attribution(s, "views"))
		}
		page := b.Get(to)
		if views := attribution(s, "views"); page.StatusCode != http.StatusOK || len(views) != 1 || views[0] != (attributed{"email", "", token}) {
			t.Errorf("%d, views %+v", page.StatusCode, views)
		}
		b.Post("/acme/sale", publictest.Payer()) // by the cookie alone
		s.Later()
		s.Post(to, publictest.Payer()) // by the address alone, which says the channel
		if all := attribution(s, "attempts"); len(all) != 2 || all[0] != (attributed{"email", "", token}) || all[1] != (attributed{"email", "", ""}) {
			t.Errorf("attempts %+v", all)
		}
	})
}

// What somebody's mail service, or the merchant, puts behind the short link reaches the payment.
func TestAShortLinkKeepsWhatItsAddressSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		_, token := s.Sent(l, delivery.KindSend)
		b := s.Browser()
		to := b.Get("/r/" + token + "?utm_campaign=spring&client_reference_id=order-7&amount=1&via=qr").Header.Get("Location")
		if to != "/acme/sale?client_reference_id=order-7&utm_campaign=spring&via=email" {
			t.Fatalf("it leads to %q", to)
		}
		b.Get(to)
		if views := attribution(s, "views"); len(views) != 1 || views[0] != (attributed{"email", "", token}) {
			t.Errorf("views %+v", views)
		}
	})
}

func TestAReminderIsAChannelOfItsOwn(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	_, token := s.Sent(l, delivery.KindReminder)
	b := s.Browser()
	b.Get(b.Get("/r/" + token).Header.Get("Location"))
	if views := attribution(s, "views"); len(views) != 1 || views[0] != (attributed{"reminder", "email", token}) {
		t.Errorf("views %+v", views)
	}
}

// Scanners and previews open every link of a mail. They are kept apart, and the
// link works for its reader as before.
func TestScannersConsumeNothing(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale", Limit: link.Limit{Kind: link.Once}})
	_, d := s.Delivered(l, delivery.KindSend)
	token := d.Token
	for _, agent := range []string{"WhatsApp/2.23 A", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"} {
		s.Ask(http.MethodHead, "/r/"+token, nil, "User-Agent", agent)
		s.Get(s.Get("/r/"+token, "User-Agent", agent).Header.Get("Location"), "User-Agent", agent)
		s.Get("/s/"+d.OptOutToken, "User-Agent", agent)
	}
	for _, v := range s.Recorded(string(l.ID)) {
		if v.Class == "human" {
			t.Errorf("a machine counts as %+v", v)
		}
	}
	if out, err := s.Deliveries.HasOptedOut(t.Context(), mustFind(t, s, token)); err != nil || out {
		t.Errorf("opted out: %v, %v", out, err)
	}
	if got := s.Get("/r/" + token); got.StatusCode != http.StatusFound {
		t.Errorf("then the reader gets %d", got.StatusCode)
	}
}

func TestAStrangersTokenCountsNowhere(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	s.MustLink(link.Fields{Name: "Other", Path: "other"})
	_, d := s.Delivered(l, delivery.KindSend)
	token := d.Token
	for _, path := range []string{"/acme/other?r=" + token, "/acme/sale?r=" + strings.Repeat("x", 12), "/acme/sale?r=%00", "/acme?r=" + token} {
		s.Get(path)
	}
	for _, v := range attribution(s, "views") {
		if v != (attributed{"direct", "", ""}) {
			t.Errorf("a view is %+v", v)
		}
	}
	for _, path := range []string{"/r/" + strings.Repeat("x", 12), "/r/x", "/s/" + strings.Repeat("x", 12), "/s/" + token, "/r/" + d.OptOutToken, "/r/%00", "/s/%ff"} {
		if got := s.Get(path); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if err := s.Links.Delete(t.Context(), s.Business, l.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.Get("/r/" + token); got.StatusCode != http.StatusNotFound {
		t.Errorf("a deleted link: %d", got.StatusCode)
	}
	if got := s.Get("/s/" + d.OptOutToken); got.StatusCode != http.StatusOK {
		t.Errorf("whoever got a deleted link can't opt out: %d", got.StatusCode)
	}
}

func mustFind(t *testing.T, s *publictest.Site, token string) delivery.Found {
	t.Helper()
	found, err := s.Deliveries.ByToken(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestOptingOutTakesAPostAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		_, sent := s.Delivered(s.MustLink(link.Fields{Name: "Sale", Path: "sale"}), delivery.KindSend)
		way := "/s/" + sent.OptOutToken
		ask := s.Get(way)
		if ask.StatusCode != http.StatusOK || !ask.Has("No more email from Business acme?") || !ask.Has("a…\u2060@example.com") || ask.Has("amara@example.com") {
			t.Fatalf("%d\n%s", ask.StatusCode, ask.Body)
		}
		out := func() bool {
			is, err := s.Deliveries.HasOptedOut(t.Context(), mustFind(t, s, sent.Token))
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		if out() {
			t.Fatal("to look is to opt out")
		}
		// As mail programs do it (RFC 8058, 3.2), from their own pages too.
		done := s.Post(way, url.Values{"List-Unsubscribe": {"One-Click"}}, "Sec-Fetch-Site", "cross-site", "Origin", "https://mail.example")
		if done.StatusCode != http.StatusOK || !done.Has("You get no more email") || !out() {
			t.Errorf("%d, out: %v", done.StatusCode, out())
		}
		if !done.Has(way + "/again") {
			t.Error("the page doesn't say how to take it back")
		}
		// To want messages is a consent: only the page's own button says so.
		for _, header := range [][]string{nil, {"Sec-Fetch-Site", "cross-site", "Origin", "https://mail.example"}, {"Sec-Fetch-Site", "none"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if got := s.Post(way+"/again", url.Values{}, header...); got.StatusCode != http.StatusForbidden || !out() {
				t.Errorf("%v: %d, still out: %v", header, got.StatusCode, out())
			}
		}
		if got := s.Post(way, url.Values{"again": {"yes"}}); got.StatusCode != http.StatusOK || !out() {
			t.Errorf("%d, still out: %v", got.StatusCode, out())
		}
		for _, header := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", s.URL}} {
			if again := s.Post(way+"/again", url.Values{}, header...); again.StatusCode != http.StatusOK || out() {
				t.Errorf("%v: %d, still out: %v", header, again.StatusCode, out())
			}
			s.Post(way, url.Values{})
		}
	})
}
