package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

func TestParametersWithoutAFieldAreKeptBehindTheNotes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Seat", Path: "seat", Amount: publictest.EUR(4900)})
		long := strings.Repeat("x", 3000)
		query := url.Values{
			"method": {"ideal"}, "address": {"Kerkstraat 1\r\nforged: line"}, "city": {" Ede "}, "postal": {"6711 AB"}, "customfield_shirt": {"L"}, "customfield_": {"nameless"},
			"customfield_order": {"<b>7</b>"}, "customfield_bad": {"\xff"}, "disabled": {"true"}, "name": {"Jo"}, "email": {"jo@example.com"}, "unknown": {"dropped"},
		}
		for path, notes := range map[string]string{"/acme/seat": "", "/acme/25": "Ring twice"} {
			address := path + "?" + query.Encode()
			got := s.Get(address)
			if got.StatusCode != http.StatusOK || strings.Count(got.Body, " readonly") != 0 || !got.Has(`value="Jo"`) || !got.Has(`value="jo@example.com"`) {
				t.Errorf("disabled=true locks a name or an address:\n%s", got.Body)
			}
			form := url.Values{"name": {"Jo " + path}, "email": {"jo@example.com"}, "notes": {notes}}
			if got := s.Post(address, form); got.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", path, got.StatusCode, got.Body)
			}
			var kept string
			if err := d.Get(t.Context(), &kept, `SELECT payer_notes FROM attempts WHERE payer_name = $1`, "Jo "+path); err != nil {
				t.Fatal(err)
			}
			want := "Address: Kerkstraat 1 forged: line\nPostal code: 6711 AB\nCity: Ede\norder: <b>7</b>\nshirt: L"
			if notes != "" {
				want = notes + "\n" + want
			}
			if kept != want {
				t.Errorf("%s kept %q, want %q", path, kept, want)
			}
		}
		huge := url.Values{"city": {long}}
		for _, c := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
			huge.Set("customfield_"+c, long)
		}
		if got := s.Post("/acme/25?"+huge.Encode(), url.Values{"name": {"Huge"}, "email": {"huge@example.com"}, "notes": {strings.Repeat("n", 500)}}); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("too much: %d", got.StatusCode)
		}
		var kept string
		if err := d.Get(t.Context(), &kept, `SELECT payer_notes FROM attempts WHERE payer_name = 'Huge'`); err != nil || len([]rune(kept)) > 1600 || !strings.HasPrefix(kept, "nnn") {
			t.Errorf("kept %d characters, %v", len([]rune(kept)), err)
		}
	})
}

func TestABusinessSaysHowItCanBePaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		got := s.Get("/acme/payments.txt")
		if got.StatusCode != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") || !got.Has("/acme\n") || !got.Has("Currency: EUR") || !got.Has("Mode: test") {
			t.Errorf("%d %v\n%s", got.StatusCode, got.Header, got.Body)
		}
		if got := s.Get("/nobody/payments.txt"); got.StatusCode != http.StatusNotFound {
			t.Errorf("of nobody: %d", got.StatusCode)
		}
		if got := s.Post("/acme/payments.txt", url.Values{}); got.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("posted to: %d", got.StatusCode)
		}
		amount := publictest.EUR(100)
		if _, err := s.Links.Create(t.Context(), s.Business, link.Fields{Active: true, Name: "x", Path: "payments.txt", Amount: amount}); err == nil {
			t.Error("a link may take its place")
		}
		page := s.Business.Page
		page.Enabled = false
		if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Page: &page}); err != nil {
			t.Fatal(err)
		}
		if got := s.Get("/acme/payments.txt"); got.Has("Payment-Page") {
			t.Errorf("a page that is off is named:\n%s", got.Body)
		}
	})
}
