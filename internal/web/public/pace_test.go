package public_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// Each view is a row that stays. A machine that opens pages all day fills no disk, and
// nobody is shown less for it.
func TestOneNetworkFillsNoDiskWithViews(t *testing.T) {
	s := publictest.MustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Limits = true })
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	open := func(from string) {
		r := httptest.NewRequest("GET", "/acme/sale", nil)
		r.RemoteAddr, r.Host = from, "127.0.0.1"
		w := httptest.NewRecorder()
		if s.Handler.ServeHTTP(w, r); w.Code != http.StatusOK {
			t.Fatalf("a page: %d", w.Code)
		}
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 250 {
				open("198.51.100.7:4711")
			}
		})
	}
	group.Wait()
	stored := s.Views(string(l.ID))
	if stored < 1500 || stored > 1990 { // some come back while we work
		t.Errorf("%d of 2000 views are stored", stored)
	}
	open("198.51.100.8:4711")
	if got := s.Views(string(l.ID)); got != stored+1 {
		t.Error("a neighbour isn't counted for it")
	}
}

// Each start is a request to the merchant's provider, which would refuse
// everybody when somebody sends thousands.
func TestOneNetworkStartsNoFloodOfPayments(t *testing.T) {
	s := publictest.MustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Limits = true })
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	start := func(from string) publictest.Page {
		return s.Post("/acme/sale", url.Values{"name": {"Jonas Lindqvist"}, "email": {"jonas@example.se"}}, "X-Forwarded-For", from)
	}
	for range 100 { // what is wrong in the form starts nothing
		if got := s.Post("/acme/sale", url.Values{}, "X-Forwarded-For", "198.51.100.7"); got.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("an empty form: %d", got.StatusCode)
		}
	}
	var got publictest.Page
	started := 0
	for ; started < 1000; started++ { // one comes back every two seconds, however slow we are
		if got = start("6.6.6." + strconv.Itoa(started%250) + ", 198.51.100.7"); got.StatusCode == http.StatusTooManyRequests {
			break
		}
		if got.StatusCode != http.StatusSeeOther {
			t.Fatalf("start %d: %d", started, got.StatusCode)
		}
	}
	if started < 60 || started > 200 || got.Header.Get("Retry-After") == "" {
		t.Errorf("%d payments started, then %d, %v", started, got.StatusCode, got.Header)
	}
	if got := start("198.51.100.8"); got.StatusCode != http.StatusSeeOther {
		t.Errorf("a neighbour pays for it: %d", got.StatusCode)
	}
}

// While anybody waits, a page is closed to everybody else: made-up addresses would keep it so.
func TestOneNetworkFillsNoWaitingList(t *testing.T) {
	s := publictest.MustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Limits = true })
	s.FullWithList("Workshop")
	s.FullWithList("Concert")
	join := func(path, email, from string) publictest.Page {
		return s.Post(path, url.Values{"waiting_email": {email}}, "X-Forwarded-For", from)
	}
	for range 10 { // what is no address is not counted
		if got := join("/acme/workshop", "mara@", "198.51.100.7"); got.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("a wrong address: %d", got.StatusCode)
		}
	}
	taken := 0
	for i := range 40 {
		got := join("/acme/workshop", "made"+strconv.Itoa(i)+"@example.com", "6.6.6."+strconv.Itoa(i)+", 198.51.100.7")
		if got.StatusCode == http.StatusOK {
			taken++
			continue
		}
		if after, _ := strconv.Atoi(got.Header.Get("Retry-After")); got.StatusCode != http.StatusTooManyRequests || after < 60 || after > 720 ||
			!got.Has("Too many addresses have joined this list from your network") || !got.Has(`value="made`+strconv.Itoa(i)+`@example.com"`) {
			t.Fatalf("join %d: %d, again after %q: %s", i, got.StatusCode, got.Header.Get("Retry-After"), got.Body)
		}
	}
	var waiting int
	if err := s.DB.Get(t.Context(), &waiting, `SELECT COUNT(*) FROM waiting_entries`); err != nil || taken != 5 || waiting != 5 {
		t.Errorf("%d of 40 are taken, %d wait, %v", taken, waiting, err)
	}
	for what, got := range map[string]publictest.Page{
		"a neighbour": join("/acme/workshop", "ben@example.com", "198.51.100.8"), "another list": join("/acme/concert", "ben@example.com", "198.51.100.7"),
	} {
		if got.StatusCode != http.StatusOK {
			t.Errorf("%s pays for it: %d", what, got.StatusCode)
		}
	}
}
