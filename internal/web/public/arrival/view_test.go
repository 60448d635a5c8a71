package arrival_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

func TestAnOpeningIsStoredWhenThePageComes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.Get("/acme/sale?via=qr")
		s.Get("/acme/sale?utm_source=newsletter&utm_medium=email&utm_campaign=spring")
		s.Get("/acme/sale", "Referer", "https://www.instagram.com/p/x")
		s.Get("/acme/sale", "User-Agent", "WhatsApp/2.23 A")
		want := []publictest.Recorded{
			{Class: "human", Channel: "qr"},
			{Class: "human", Channel: "campaign", ChannelDetail: "newsletter", Campaign: "newsletter / email / spring"},
			{Class: "human", Channel: "social", ChannelDetail: "instagram"},
			{Class: "preview", Channel: "direct"},
		}
		got := s.Recorded(string(l.ID))
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
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	s.Ask(http.MethodHead, "/acme/sale", nil)
	s.Post("/acme/sale", url.Values{"name": {""}})
	s.Post("/acme/sale", publictest.Payer())
	s.Get("/acme/sale/qr.png")
	s.Get("/acme/SALE")
	if n := s.Views(string(l.ID)); n != 0 {
		t.Errorf("%d views", n)
	}
}

func TestHeadAnswersLikeGetWithoutABody(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for _, path := range []string{"/acme", "/acme/sale", "/acme/25", "/acme/shop", "/acme/none", "/acme/sale/qr.png"} {
		get, head := s.Get(path), s.Ask(http.MethodHead, path, nil)
		if head.StatusCode != get.StatusCode || head.Body != "" || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") {
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
		s := publictest.MustSite(t, dbtest.SQLite(t), scheme)
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		cookies := s.Get("/acme/sale?via=qr").Cookies()
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
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	first := s.Get("/acme/sale?via=qr").Cookies()[0]
	again := s.Get("/acme/sale", "Cookie", first.Name+"="+first.Value).Cookies()[0]
	if again.Value != first.Value {
		t.Errorf("a reload made %q of %q", again.Value, first.Value)
	}
	elsewhere := s.Get("/acme/sale?via=social", "Cookie", first.Name+"="+first.Value).Cookies()[0]
	if !strings.Contains(elsewhere.Value, "c=social") {
		t.Errorf("another way here is not remembered: %q", elsewhere.Value)
	}
	for _, forged := range []string{"v=short&c=qr", "v=" + strings.Repeat("x", 43) + "&c=bank", "%%%", ""} {
		s.Get("/acme/sale", "Cookie", first.Name+"="+forged)
	}
	visits := map[string]int{}
	for _, v := range s.Recorded(string(l.ID)) {
		visits[v.VisitID]++
	}
	if len(visits) != 5 {
		t.Errorf("%d visits, want 1 that came three times and 4 of forged cookies: %v", len(visits), visits)
	}
}

// A page that is opened again need not travel again; it is a view all the same.
func TestAPageIsAskedForAnewAndSentOnce(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	first := s.Get("/acme/sale", "Accept-Encoding", "gzip")
	if first.Header.Get("Cache-Control") != "private, no-cache" || first.Header.Get("ETag") == "" {
		t.Fatalf("%v", first.Header)
	}
	again := s.Get("/acme/sale", "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || again.Body != "" || s.Views(string(l.ID)) != 2 {
		t.Errorf("again: %d, %d views", again.StatusCode, s.Views(string(l.ID)))
	}
	if german := s.Get("/acme/sale?lang=de", "If-None-Match", first.Header.Get("ETag")); german.StatusCode != http.StatusOK {
		t.Errorf("another language: %d", german.StatusCode)
	}
	if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Amount = publictest.EUR(100) }); err != nil {
		t.Fatal(err)
	}
	publictest.Eventually(t, "the changed page", func() bool {
		return s.Get("/acme/sale", "If-None-Match", first.Header.Get("ETag")).StatusCode == http.StatusOK
	})
}
