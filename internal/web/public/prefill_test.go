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
	"smartlinks/internal/money"
	"smartlinks/internal/web/public/publictest"
)

func TestAURLMayLockWhatItFillsIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *publictest.EUR(1000), Max: *publictest.EUR(20000)}})
		for _, path := range []string{"/acme", "/acme/gift"} {
			address := path + "?amount=25&name=Jo+L&email=jo%40example.com&lock=amount,name"
			got := s.Get(address)
			if !got.Has("Pay €25.00") || strings.Count(got.Body, " readonly") != 0 || !got.Has("Filled in by") || got.Has(`name="amount"`) {
				t.Errorf("%s:\n%s", address, got.Body)
			}
			if got := s.Post(address, url.Values{"name": {"Mallory"}, "email": {"m@example.com"}, "amount": {"10"}}); got.StatusCode != http.StatusSeeOther {
				t.Errorf("%s: %d\n%s", address, got.StatusCode, got.Body)
			}
		}
		var paid []struct {
			AmountMinor int64
			PayerName   string
			PayerEmail  string
		}
		if err := d.Select(t.Context(), &paid, `SELECT amount_minor, payer_name, payer_email FROM attempts`); err != nil {
			t.Fatal(err)
		}
		for _, p := range paid {
			if p.AmountMinor != 2500 || p.PayerName != "Mallory" || p.PayerEmail != "m@example.com" {
				t.Errorf("%+v", p)
			}
		}
	})
}

// Whoever writes a link can be anybody, so it says so, and a receipt stays the payer's.
func TestNameAndEmailOfAURLStayThePayers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		const address = "/acme?amount=25&name=Jo&email=jo%40example.com&notes=Seat+4&lock=name,email,notes"
		got := s.Get(address)
		if strings.Count(got.Body, " readonly") != 1 || strings.Count(got.Body, "Filled in by the link that you opened.") != 3 || got.Has("Filled in by "+s.Business.Name) {
			t.Errorf("%s", got.Body)
		}
		if got := s.Post(address, url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "notes": {"Seat 5"}, "amount": {"25"}}); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d\n%s", got.StatusCode, got.Body)
		}
		var paid struct{ PayerName, PayerEmail, PayerNotes string }
		if err := d.Get(t.Context(), &paid, `SELECT payer_name, payer_email, payer_notes FROM attempts`); err != nil {
			t.Fatal(err)
		}
		if paid.PayerName != "Mia" || paid.PayerEmail != "mia@example.com" || paid.PayerNotes != "Seat 4" {
			t.Errorf("%+v", paid)
		}
	})
}

func TestAnAddressKeepsItsPlusInAURL(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for query, want := range map[string]string{
		"email=jan+shop@example.com": "jan+shop@example.com", "email=jan%2Bshop@example.com": "jan+shop@example.com", "email=jan+a+b%40example.com": "jan+a+b@example.com",
		"email=+jan@example.com+": "jan@example.com", "email=jan+shop": "jan shop", "name=Jan+Smit": "Jan Smit", "name=%E2%80%AEJan": "Jan",
	} {
		for _, path := range []string{"/acme", "/acme/sale"} {
			if got := s.Get(path + "?" + query); !got.Has(`value="` + want + `"`) {
				t.Errorf("%s?%s: %q is missing", path, query, want)
			}
		}
	}
}

// A lock on what the page doesn't take would leave the payer no way out.
func TestALockIsNoTrap(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *publictest.EUR(1000), Max: *publictest.EUR(20000)}})
	if got := s.Get("/acme/gift?amount=5&lock=amount"); !got.Has(`name="amount"`) {
		t.Error("an amount that is too low is locked")
	}
	if got := s.Get("/acme?lock=name,email"); got.Has("readonly") {
		t.Error("an empty field is locked")
	}
	got := s.Post("/acme/gift?email=jo&lock=email", url.Values{"name": {"Jo"}, "email": {"jo@example.com"}, "amount": {"20"}})
	if got.StatusCode != http.StatusSeeOther {
		t.Errorf("an address of the URL stands in the way of the payer's: %d", got.StatusCode)
	}
}

func TestSuggestedAmountsFillTheFieldAndKeepTheRest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		page := s.Business.Page
		page.Suggested = []money.Amount{*publictest.EUR(1000), *publictest.EUR(2500)}
		if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Page: &page}); err != nil {
			t.Fatal(err)
		}
		s.MustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *publictest.EUR(1000), Max: *publictest.EUR(20000), Suggested: []money.Amount{*publictest.EUR(5000), *publictest.EUR(10000)}}})
		for path, words := range map[string]string{"/acme": `value="25.00"`, "/acme/gift": `value="50.00"`} {
			if got := s.Get(path); !got.Has(`name="suggest" ` + words) {
				t.Errorf("%s doesn't suggest %s:\n%s", path, words, got.Body)
			}
		}
		got := s.Post("/acme/gift", url.Values{"name": {"Jo"}, "email": {"jo@"}, "amount": {"3"}, "suggest": {"50.00"}})
		if got.StatusCode != http.StatusOK || got.Has("aria-invalid") {
			t.Errorf("%d", got.StatusCode)
		}
		for _, words := range []string{`value="Jo"`, `value="jo@"`, `value="50.00" inputmode`, `value="50.00" aria-pressed="true"`} {
			if !got.Has(words) {
				t.Errorf("%q is missing in\n%s", words, got.Body)
			}
		}
	})
}

func TestAnOpenPageLearnsHowManyAreLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", Limit: link.Limit{Kind: link.Multiple, Max: 2}})
		s.MustLink(link.Fields{Name: "Quiet", Path: "quiet", Limit: link.Limit{Kind: link.Multiple, Max: 3}}, publictest.Quiet)
		s.MustLink(link.Fields{Name: "Endless", Path: "endless"})
		if !s.Get("/acme/workshop").Has(`data-left="/acme/workshop/left.json?lang=en"`) {
			t.Error("the page doesn't know where to ask")
		}
		for _, words := range []string{`"left":2,"text":"2 payments remaining","paid":"0 paid"`, `"left":1,"text":"1 payment remaining"`, `"left":0,"text":"Limit reached"`} {
			publictest.Eventually(t, words, func() bool { return s.Get("/acme/workshop/left.json").Has(words) })
			if s.Views(string(l.ID)) > 1 {
				t.Error("asking is a view")
			}
			if !strings.Contains(words, `"left":0`) {
				s.Use(l)
			}
		}
		for _, path := range []string{"/acme/quiet/left.json", "/acme/endless/left.json", "/acme/none/left.json"} {
			if got := s.Get(path); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, got.StatusCode)
			}
		}
	})
}
