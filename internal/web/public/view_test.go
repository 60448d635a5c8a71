package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// recorded is a view as it is stored.
type recorded struct {
	Class, IP, Browser, Channel, ChannelDetail, Campaign, Mode string
	OS                                                         string `db:"os"`
	VisitID                                                    string
}

func (s *site) recorded(target string) []recorded {
	s.t.Helper()
	var all []recorded
	err := s.d.Select(s.t.Context(), &all, `
		SELECT class, ip, browser, os, channel, channel_detail, campaign, mode, visit_id FROM views WHERE link_id = $1 ORDER BY id`, target)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestAnOpeningIsStoredWhenThePageComes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.get("/acme/sale?via=qr")
		s.get("/acme/sale?utm_source=newsletter&utm_medium=email&utm_campaign=spring")
		s.get("/acme/sale", "Referer", "https://www.instagram.com/p/x")
		s.get("/acme/sale", "User-Agent", "WhatsApp/2.23 A")
		want := []recorded{
			{Class: "human", Channel: "qr"},
			{Class: "human", Channel: "campaign", ChannelDetail: "newsletter", Campaign: "newsletter / email / spring"},
			{Class: "human", Channel: "social", ChannelDetail: "instagram"},
			{Class: "preview", Channel: "direct"},
		}
		got := s.recorded(string(l.ID))
		if len(got) != len(want) {
			t.Fatalf("%d views, want %d", len(got), len(want))
		}
		for i, v := range got {
			if v.IP != "127.0.0.xxx" || v.Mode != "test" || len(v.VisitID) != 43 || v.Class == "human" && (v.Browser != "Chrome" || v.OS != "Mac") {
				t.Errorf("view %d: %+v", i, v)
			}
			if v.Class != want[i].Class || v.Channel != want[i].Channel || v.ChannelDetail != want[i].ChannelDetail || v.Campaign != want[i].Campaign {
				t.Errorf("view %d: %+v, want %+v", i, v, want[i])
			}
		}
	})
}

func TestOnlyOpeningAPageIsAView(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	s.ask(http.MethodHead, "/acme/sale", nil)
	s.post("/acme/sale", url.Values{"name": {""}})
	s.post("/acme/sale", payer())
	s.get("/acme/sale/qr.png")
	s.get("/acme/SALE")
	if n := s.views(string(l.ID)); n != 0 {
		t.Errorf("%d views", n)
	}
}

func TestHeadAnswersLikeGetWithoutABody(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	for _, path := range []string{"/acme", "/acme/sale", "/acme/25", "/acme/shop", "/acme/none", "/acme/sale/qr.png"} {
		get, head := s.get(path), s.ask(http.MethodHead, path, nil)
		if head.StatusCode != get.StatusCode || head.body != "" || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %d %q, GET: %d", path, head.StatusCode, head.Header.Get("Content-Type"), get.StatusCode)
		}
		if len(head.Cookies()) != 0 {
			t.Errorf("HEAD %s sets a cookie", path)
		}
	}
}

func TestTheVisitIsRememberedForTwoHours(t *testing.T) {
	for scheme, want := range map[string]struct {
		prefix string
		secure bool
	}{"http": {"visit-", false}, "https": {"__Host-visit-", true}} {
		s := mustSite(t, dbtest.SQLite(t), scheme)
		l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		cookies := s.get("/acme/sale?via=qr").Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%s: cookies %v", scheme, cookies)
		}
		c := cookies[0]
		if c.Name != want.prefix+string(l.ID[len(l.ID)-8:]) || c.Secure != want.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode ||
			c.Path != "/" || c.Domain != "" || c.MaxAge != 7200 {
			t.Errorf("%s: %s", scheme, c.Raw)
		}
	}
}

func TestAReloadBelongsToTheSameVisit(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	first := s.get("/acme/sale?via=qr").Cookies()[0]
	again := s.get("/acme/sale", "Cookie", first.Name+"="+first.Value).Cookies()[0]
	if again.Value != first.Value {
		t.Errorf("a reload made %q of %q", again.Value, first.Value)
	}
	elsewhere := s.get("/acme/sale?via=social", "Cookie", first.Name+"="+first.Value).Cookies()[0]
	if !strings.Contains(elsewhere.Value, "c=social") {
		t.Errorf("another way here is not remembered: %q", elsewhere.Value)
	}
	for _, forged := range []string{"v=short&c=qr", "v=" + strings.Repeat("x", 43) + "&c=bank", "%%%", ""} {
		s.get("/acme/sale", "Cookie", first.Name+"="+forged)
	}
	visits := map[string]int{}
	for _, v := range s.recorded(string(l.ID)) {
		visits[v.VisitID]++
	}
	if len(visits) != 5 {
		t.Errorf("%d visits, want 1 that came three times and 4 of forged cookies: %v", len(visits), visits)
	}
}

// A page that is opened again need not travel again; it is a view all the same.
func TestAPageIsAskedForAnewAndSentOnce(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	first := s.get("/acme/sale", "Accept-Encoding", "gzip")
	if first.Header.Get("Cache-Control") != "private, no-cache" || first.Header.Get("ETag") == "" {
		t.Fatalf("%v", first.Header)
	}
	again := s.get("/acme/sale", "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || again.body != "" || s.views(string(l.ID)) != 2 {
		t.Errorf("again: %d, %d views", again.StatusCode, s.views(string(l.ID)))
	}
	if german := s.get("/acme/sale?lang=de", "If-None-Match", first.Header.Get("ETag")); german.StatusCode != http.StatusOK {
		t.Errorf("another language: %d", german.StatusCode)
	}
	if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.Amount = eur(100) }); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the changed page", func() bool {
		return s.get("/acme/sale", "If-None-Match", first.Header.Get("ETag")).StatusCode == http.StatusOK
	})
}
