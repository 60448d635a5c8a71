package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// sent is a link that went to Amara by e-mail; token is that of her mail.
func (s *site) sent(l link.Link, kind delivery.Kind) (who customer.Customer, token string) {
	s.t.Helper()
	who, d := s.delivered(l, kind)
	return who, d.Token
}

// delivered is a link that went to Amara by e-mail, with the message that carried it.
func (s *site) delivered(l link.Link, kind delivery.Kind) (who customer.Customer, d delivery.Delivery) {
	s.t.Helper()
	who, err := s.customers.Create(s.t.Context(), s.business, customer.Fields{Name: "Amara Okafor", Email: "amara@example.com"})
	if err != nil {
		s.t.Fatal(err)
	}
	return who, s.sendTo(l, who, kind)
}

// sendTo sends a link by e-mail and returns the message that carries it.
func (s *site) sendTo(l link.Link, who customer.Customer, kind delivery.Kind) delivery.Delivery {
	s.t.Helper()
	var made delivery.Send
	if err := s.d.InTx(s.t.Context(), func(tx *db.Tx) (err error) {
		made, _, err = s.deliveries.SendTx(s.t.Context(), tx, s.business, l, delivery.Order{
			CustomerID: who.ID, Channels: []message.Channel{message.ByEmail}, Kind: kind, Reminder: delivery.Reminder{Number: 1, Max: 3},
		})
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return made.Deliveries[0]
}

// attributed is what a view or an attempt says of its way here.
type attributed struct{ Channel, ChannelDetail, RecipientToken string }

func (s *site) attributed(table string) []attributed {
	s.t.Helper()
	var all []attributed
	if err := s.d.Select(s.t.Context(), &all, `SELECT channel, channel_detail, recipient_token FROM `+table+` ORDER BY id`); err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestAShortLinkLeadsToTheLinkAndIsAttributed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		_, token := s.sent(l, delivery.KindSend)
		b := s.browser()
		short := b.get("/r/" + token)
		to := short.Header.Get("Location")
		if short.StatusCode != http.StatusFound || to != "/acme/sale?via=email" || len(s.attributed("views")) != 0 {
			t.Fatalf("%d to %q, views %v", short.StatusCode, to, s.attributed("views"))
		}
		page := b.get(to)
		if views := s.attributed("views"); page.StatusCode != http.StatusOK || len(views) != 1 || views[0] != (attributed{"email", "", token}) {
			t.Errorf("%d, views %+v", page.StatusCode, views)
		}
		b.post("/acme/sale", payer()) // by the cookie alone
		s.later()
		s.post(to, payer()) // by the address alone, which says the channel
		if all := s.attributed("attempts"); len(all) != 2 || all[0] != (attributed{"email", "", token}) || all[1] != (attributed{"email", "", ""}) {
			t.Errorf("attempts %+v", all)
		}
	})
}

// What somebody's mail service, or the merchant, puts behind the short link reaches the payment.
func TestAShortLinkKeepsWhatItsAddressSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		_, token := s.sent(l, delivery.KindSend)
		b := s.browser()
		to := b.get("/r/" + token + "?utm_campaign=spring&client_reference_id=order-7&amount=1&via=qr").Header.Get("Location")
		if to != "/acme/sale?client_reference_id=order-7&utm_campaign=spring&via=email" {
			t.Fatalf("it leads to %q", to)
		}
		b.get(to)
		if views := s.attributed("views"); len(views) != 1 || views[0] != (attributed{"email", "", token}) {
			t.Errorf("views %+v", views)
		}
	})
}

func TestAReminderIsAChannelOfItsOwn(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	_, token := s.sent(l, delivery.KindReminder)
	b := s.browser()
	b.get(b.get("/r/" + token).Header.Get("Location"))
	if views := s.attributed("views"); len(views) != 1 || views[0] != (attributed{"reminder", "email", token}) {
		t.Errorf("views %+v", views)
	}
}

// Scanners and previews open every link of a mail. They are kept apart, and the
// link works for its reader as before.
func TestScannersConsumeNothing(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Sale", Path: "sale", Limit: link.Limit{Kind: link.Once}})
	_, d := s.delivered(l, delivery.KindSend)
	token := d.Token
	for _, agent := range []string{"WhatsApp/2.23 A", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"} {
		s.ask(http.MethodHead, "/r/"+token, nil, "User-Agent", agent)
		s.get(s.get("/r/"+token, "User-Agent", agent).Header.Get("Location"), "User-Agent", agent)
		s.get("/s/"+d.OptOutToken, "User-Agent", agent)
	}
	for _, v := range s.recorded(string(l.ID)) {
		if v.Class == "human" {
			t.Errorf("a machine counts as %+v", v)
		}
	}
	if out, err := s.deliveries.HasOptedOut(t.Context(), mustFind(t, s, token)); err != nil || out {
		t.Errorf("opted out: %v, %v", out, err)
	}
	if got := s.get("/r/" + token); got.StatusCode != http.StatusFound {
		t.Errorf("then the reader gets %d", got.StatusCode)
	}
}

func TestAStrangersTokenCountsNowhere(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	s.mustLink(link.Fields{Name: "Other", Path: "other"})
	_, d := s.delivered(l, delivery.KindSend)
	token := d.Token
	for _, path := range []string{"/acme/other?r=" + token, "/acme/sale?r=" + strings.Repeat("x", 12), "/acme/sale?r=%00", "/acme?r=" + token} {
		s.get(path)
	}
	for _, v := range s.attributed("views") {
		if v != (attributed{"direct", "", ""}) {
			t.Errorf("a view is %+v", v)
		}
	}
	for _, path := range []string{"/r/" + strings.Repeat("x", 12), "/r/x", "/s/" + strings.Repeat("x", 12), "/s/" + token, "/r/" + d.OptOutToken, "/r/%00", "/s/%ff"} {
		if got := s.get(path); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if err := s.links.Delete(t.Context(), s.business, l.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.get("/r/" + token); got.StatusCode != http.StatusNotFound {
		t.Errorf("a deleted link: %d", got.StatusCode)
	}
	if got := s.get("/s/" + d.OptOutToken); got.StatusCode != http.StatusOK {
		t.Errorf("whoever got a deleted link can't opt out: %d", got.StatusCode)
	}
}

func mustFind(t *testing.T, s *site, token string) delivery.Found {
	t.Helper()
	found, err := s.deliveries.ByToken(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestOptingOutTakesAPostAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		_, sent := s.delivered(s.mustLink(link.Fields{Name: "Sale", Path: "sale"}), delivery.KindSend)
		way := "/s/" + sent.OptOutToken
		ask := s.get(way)
		if ask.StatusCode != http.StatusOK || !ask.has("No more email from Business acme?") || !ask.has("a…@example.com") || ask.has("amara@example.com") {
			t.Fatalf("%d\n%s", ask.StatusCode, ask.body)
		}
		out := func() bool {
			is, err := s.deliveries.HasOptedOut(t.Context(), mustFind(t, s, sent.Token))
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		if out() {
			t.Fatal("to look is to opt out")
		}
		// As mail programs do it (RFC 8058, 3.2), from their own pages too.
		done := s.post(way, url.Values{"List-Unsubscribe": {"One-Click"}}, "Sec-Fetch-Site", "cross-site", "Origin", "https://mail.example")
		if done.StatusCode != http.StatusOK || !done.has("You get no more email") || !out() {
			t.Errorf("%d, out: %v", done.StatusCode, out())
		}
		if !done.has(way + "/again") {
			t.Error("the page doesn't say how to take it back")
		}
		// To want messages is a consent: only the page's own button says so.
		for _, header := range [][]string{nil, {"Sec-Fetch-Site", "cross-site", "Origin", "https://mail.example"}, {"Sec-Fetch-Site", "none"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if got := s.post(way+"/again", url.Values{}, header...); got.StatusCode != http.StatusForbidden || !out() {
				t.Errorf("%v: %d, still out: %v", header, got.StatusCode, out())
			}
		}
		if got := s.post(way, url.Values{"again": {"yes"}}); got.StatusCode != http.StatusOK || !out() {
			t.Errorf("%d, still out: %v", got.StatusCode, out())
		}
		for _, header := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", s.url}} {
			if again := s.post(way+"/again", url.Values{}, header...); again.StatusCode != http.StatusOK || out() {
				t.Errorf("%v: %d, still out: %v", header, again.StatusCode, out())
			}
			s.post(way, url.Values{})
		}
	})
}
