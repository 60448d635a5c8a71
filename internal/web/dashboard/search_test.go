package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestSearchFindsLinksCustomersPaymentsAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		zenith := s.Business(t, "zenith", "zoe@example.com")
		s.Staff(t, acme, "zoe@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Summer Concert", Path: "concert"})
		s.Link(t, zenith, link.Fields{Name: "Summer elsewhere"})
		s.Customer(t, acme, customer.Fields{Name: "Ann Okafor", Email: "ann@example.com", Phone: "+31612345678"})
		s.Customer(t, zenith, customer.Fields{Name: "Ann Elsewhere"})
		paid := s.Attempt(t, acme, l, "Sanne Visser", "sanne@example.com", sandbox.Paid)
		marit, zoe := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "zoe@example.com")
		for _, as := range []string{"", "list"} {
			for q, want := range map[string]string{
				"summer":                            "Summer Concert",
				"concert summer":                    "/links/" + string(l.ID),
				"https://pay.example/acme/concert":  "Summer Concert",
				"ann@example.com":                   "Ann Okafor",
				"06 1234":                           "Ann Okafor",
				paid.Receipt:                        "Sanne Visser, €89.00",
				" " + strings.ToLower(paid.Receipt): "Sanne Visser, €89.00",
				"sanne@example.com":                 "/transactions/" + string(paid.ID),
				"dark":                              "/settings/appearance",
				"make link":                         "New smart link",
				`nothing "<script>`:                 "Nothing found",
				strings.Repeat("ä", 300):            "Nothing found",
				"":                                  "New smart link",
				"sumemr":                            "Summer Concert",
				"sumer cuncert":                     "showing “summer concert”",
				"okafro":                            "Ann Okafor",
				"vissre":                            "Sanne Visser, €89.00",
				"apearance":                         "/settings/appearance",
				"elsewhre":                          "Nothing found",
			} {
				page := marit.Get("/dashboard/acme/search?" + url.Values{"q": {q}, "as": {as}}.Encode())
				if page.Status != http.StatusOK || !page.Has(want) {
					t.Errorf("%q as %q: %d, without %q", q, as, page.Status, want)
				}
				if page.Has("lsewhere") || page.Has(`"<script>`) {
					t.Errorf("%q as %q shows what it must not", q, as)
				}
			}
		}
		for at, want := range map[string]string{
			"links?q=sumemr": "showing “summer”", "links?q=concert+summer": "Summer Concert", "links?q=elsewhre": "No links found",
			"customers?q=okafro": "Ann Okafor", "customers?q=okafor+ann": "Ann Okafor", "customers?q=elsewhre": "No customers found",
			"transactions?q=vissre": "Sanne Visser", "transactions?q=cuncert": "Sanne Visser", "transactions?q=elsewhre": "No transactions found",
		} {
			page := marit.Get("/dashboard/acme/" + at)
			if page.Status != http.StatusOK || !page.Has(want) || strings.Contains(page.Said(), "Elsewhere") {
				t.Errorf("%s: %d, without %q: %s", at, page.Status, want, page.Said())
			}
			if typed := at[strings.Index(at, "q=")+2:]; !page.Has(`value="` + strings.ReplaceAll(typed, "+", " ") + `"`) {
				t.Errorf("%s: what was typed is not in its field", at)
			}
		}
		// What is found follows what changes, at once.
		if _, err := s.Links.Edit(t.Context(), acme, l.ID, 0, func(f *link.Fields) { f.Name = "Winter Recital" }); err != nil {
			t.Fatal(err)
		}
		if page := marit.Get("/dashboard/acme/search?as=list&q=recitla"); !page.Has("Winter Recital") {
			t.Error("the new name of a link is not found")
		}
		if page := marit.Get("/dashboard/acme/search?as=list&q=" + url.QueryEscape("sumemr")); page.Has("/links/" + string(l.ID)) {
			t.Error("the old name of a link is still found")
		}
		if page := marit.Get("/dashboard/acme/search?as=list&q=stripe"); !page.Has("/settings/providers") {
			t.Error("an owner does not find the providers")
		}
		if page := zoe.Get("/dashboard/acme/search?as=list&q=stripe"); page.Has("/settings/providers") {
			t.Error("staff find what only managers see")
		}
	})
}

func TestSearchLeadsToTheRestWhenThereIsMore(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	for range 7 {
		s.Link(t, acme, link.Fields{Name: "Workshop"})
		s.Customer(t, acme, customer.Fields{Name: "Workshop fan"})
	}
	page := s.SignedIn(t, "marit@example.com").Get("/dashboard/acme/search?as=list&q=work")
	if !page.Has("/links?q=work", "/customers?q=work", "All 7 customers", `data-said="10 results"`) {
		t.Errorf("shown: %s", page.Said())
	}
}

// WCAG 2.1.4: who speaks to their device, or hits keys by accident, can switch
// single keys off.
func TestSingleKeysAreSwitchedOffInABrowser(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	at := "/dashboard/acme/settings/appearance"
	off := func() bool {
		return strings.Contains(b.Get("/dashboard/acme/links").Body, `id="shortcuts" class="dialog" aria-labelledby="shortcuts-title" data-off`)
	}
	if off() {
		t.Error("off before a choice")
	}
	for _, step := range []struct {
		form url.Values
		off  bool
	}{
		{url.Values{"theme": {"system"}, "keys": {"shown"}}, true},
		{url.Values{"theme": {"dark"}}, true}, // the menu of the frame sends no more
		{url.Values{"theme": {"system"}, "keys": {"shown"}, "shortcuts": {"on"}}, false},
	} {
		if got := b.Post(at, step.form); got.Status != http.StatusSeeOther || off() != step.off {
			t.Errorf("%v: %d, off is %v", step.form, got.Status, off())
		}
	}
}
