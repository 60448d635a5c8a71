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
)

func TestParametersWithoutAFieldAreKeptBehindTheNotes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Seat", Path: "seat", Amount: eur(4900)})
		long := strings.Repeat("x", 3000)
		query := url.Values{
			"method": {"ideal"}, "address": {"Kerkstraat 1\r\nforged: line"}, "city": {" Ede "}, "postal": {"6711 AB"}, "customfield_shirt": {"L"}, "customfield_": {"nameless"},
			"customfield_order": {"<b>7</b>"}, "customfield_bad": {"\xff"}, "disabled": {"true"}, "name": {"Jo"}, "email": {"jo@example.com"}, "unknown": {"dropped"},
		}
		for path, notes := range map[string]string{"/acme/seat": "", "/acme/25": "Ring twice"} {
			address := path + "?" + query.Encode()
			got := s.get(address)
			if got.StatusCode != http.StatusOK || strings.Count(got.body, " readonly") != 0 || !got.has(`value="Jo"`) || !got.has(`value="jo@example.com"`) {
				t.Errorf("disabled=true locks a name or an address:\n%s", got.body)
			}
			form := url.Values{"name": {"Jo " + path}, "email": {"jo@example.com"}, "notes": {notes}}
			if got := s.post(address, form); got.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", path, got.StatusCode, got.body)
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
		if got := s.post("/acme/25?"+huge.Encode(), url.Values{"name": {"Huge"}, "email": {"huge@example.com"}, "notes": {strings.Repeat("n", 500)}}); got.StatusCode != http.StatusSeeOther {
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
		s := mustSite(t, d, "http")
		got := s.get("/acme/payments.txt")
		if got.StatusCode != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") || !got.has("/acme\n") || !got.has("Currency: EUR") || !got.has("Mode: test") {
			t.Errorf("%d %v\n%s", got.StatusCode, got.Header, got.body)
		}
		if got := s.get("/nobody/payments.txt"); got.StatusCode != http.StatusNotFound {
			t.Errorf("of nobody: %d", got.StatusCode)
		}
		if got := s.post("/acme/payments.txt", url.Values{}); got.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("posted to: %d", got.StatusCode)
		}
		amount := eur(100)
		if _, err := s.links.Create(t.Context(), s.business, link.Fields{Active: true, Name: "x", Path: "payments.txt", Amount: amount}); err == nil {
			t.Error("a link may take its place")
		}
		page := s.business.Page
		page.Enabled = false
		if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Page: &page}); err != nil {
			t.Fatal(err)
		}
		if got := s.get("/acme/payments.txt"); got.has("Payment-Page") {
			t.Errorf("a page that is off is named:\n%s", got.body)
		}
	})
}
