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
)

func TestAURLMayLockWhatItFillsIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *eur(1000), Max: *eur(20000)}})
		for _, path := range []string{"/acme", "/acme/gift"} {
			address := path + "?amount=25&name=Jo+L&email=jo%40example.com&lock=amount,name"
			got := s.get(address)
			if !got.has("Pay €25.00") || strings.Count(got.body, " readonly") != 0 || !got.has("Filled in by") || got.has(`name="amount"`) {
				t.Errorf("%s:\n%s", address, got.body)
			}
			if got := s.post(address, url.Values{"name": {"Mallory"}, "email": {"m@example.com"}, "amount": {"10"}}); got.StatusCode != http.StatusSeeOther {
				t.Errorf("%s: %d\n%s", address, got.StatusCode, got.body)
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
		s := mustSite(t, d, "http")
		const address = "/acme?amount=25&name=Jo&email=jo%40example.com&notes=Seat+4&lock=name,email,notes"
		got := s.get(address)
		if strings.Count(got.body, " readonly") != 1 || strings.Count(got.body, "Filled in by the link that you opened.") != 3 || got.has("Filled in by "+s.business.Name) {
			t.Errorf("%s", got.body)
		}
		if got := s.post(address, url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "notes": {"Seat 5"}, "amount": {"25"}}); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d\n%s", got.StatusCode, got.body)
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
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	for query, want := range map[string]string{
		"email=jan+shop@example.com": "jan+shop@example.com", "email=jan%2Bshop@example.com": "jan+shop@example.com", "email=jan+a+b%40example.com": "jan+a+b@example.com",
		"email=+jan@example.com+": "jan@example.com", "email=jan+shop": "jan shop", "name=Jan+Smit": "Jan Smit", "name=%E2%80%AEJan": "Jan",
	} {
		for _, path := range []string{"/acme", "/acme/sale"} {
			if got := s.get(path + "?" + query); !got.has(`value="` + want + `"`) {
				t.Errorf("%s?%s: %q is missing", path, query, want)
			}
		}
	}
}

// A lock on what the page doesn't take would leave the payer no way out.
func TestALockIsNoTrap(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *eur(1000), Max: *eur(20000)}})
	if got := s.get("/acme/gift?amount=5&lock=amount"); !got.has(`name="amount"`) {
		t.Error("an amount that is too low is locked")
	}
	if got := s.get("/acme?lock=name,email"); got.has("readonly") {
		t.Error("an empty field is locked")
	}
	got := s.post("/acme/gift?email=jo&lock=email", url.Values{"name": {"Jo"}, "email": {"jo@example.com"}, "amount": {"20"}})
	if got.StatusCode != http.StatusSeeOther {
		t.Errorf("an address of the URL stands in the way of the payer's: %d", got.StatusCode)
	}
}

func TestSuggestedAmountsFillTheFieldAndKeepTheRest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		page := s.business.Page
		page.Suggested = []money.Amount{*eur(1000), *eur(2500)}
		if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Page: &page}); err != nil {
			t.Fatal(err)
		}
		s.mustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *eur(1000), Max: *eur(20000), Suggested: []money.Amount{*eur(5000), *eur(10000)}}})
		for path, words := range map[string]string{"/acme": `value="25.00"`, "/acme/gift": `value="50.00"`} {
			if got := s.get(path); !got.has(`name="suggest" ` + words) {
				t.Errorf("%s doesn't suggest %s:\n%s", path, words, got.body)
			}
		}
		got := s.post("/acme/gift", url.Values{"name": {"Jo"}, "email": {"jo@"}, "amount": {"3"}, "suggest": {"50.00"}})
		if got.StatusCode != http.StatusOK || got.has("aria-invalid") {
			t.Errorf("%d", got.StatusCode)
		}
		for _, words := range []string{`value="Jo"`, `value="jo@"`, `value="50.00" inputmode`, `value="50.00" aria-pressed="true"`} {
			if !got.has(words) {
				t.Errorf("%q is missing in\n%s", words, got.body)
			}
		}
	})
}

func TestAnOpenPageLearnsHowManyAreLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop", Limit: link.Limit{Kind: link.Multiple, Max: 2}})
		s.mustLink(link.Fields{Name: "Quiet", Path: "quiet", Limit: link.Limit{Kind: link.Multiple, Max: 3}}, quiet)
		s.mustLink(link.Fields{Name: "Endless", Path: "endless"})
		if !s.get("/acme/workshop").has(`data-left="/acme/workshop/left.json?lang=en"`) {
			t.Error("the page doesn't know where to ask")
		}
		for _, words := range []string{`"left":2,"text":"2 payments remaining","paid":"0 paid"`, `"left":1,"text":"1 payment remaining"`, `"left":0,"text":"Limit reached"`} {
			eventually(t, words, func() bool { return s.get("/acme/workshop/left.json").has(words) })
			if s.views(string(l.ID)) > 1 {
				t.Error("asking is a view")
			}
			if !strings.Contains(words, `"left":0`) {
				s.use(l)
			}
		}
		for _, path := range []string{"/acme/quiet/left.json", "/acme/endless/left.json", "/acme/none/left.json"} {
			if got := s.get(path); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, got.StatusCode)
			}
		}
	})
}
