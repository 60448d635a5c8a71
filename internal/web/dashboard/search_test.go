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
)

func TestSearchFindsLinksCustomersPaymentsAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		zenith := s.business(t, "zenith", "zoe@example.com")
		s.staff(t, acme, "zoe@example.com")
		l := s.link(t, acme, link.Draft{Name: "Summer Concert", Path: "concert"})
		s.link(t, zenith, link.Draft{Name: "Summer elsewhere"})
		s.customer(t, acme, customer.Draft{Name: "Ann Okafor", Email: "ann@example.com", Phone: "+31612345678"})
		s.customer(t, zenith, customer.Draft{Name: "Ann Elsewhere"})
		paid := s.attempt(t, acme, l, "Sanne Visser", "sanne@example.com", sandbox.Paid)
		marit, zoe := s.signedIn(t, "marit@example.com"), s.signedIn(t, "zoe@example.com")
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
			} {
				page := marit.get("/dashboard/acme/search?" + url.Values{"q": {q}, "as": {as}}.Encode())
				if page.Status != http.StatusOK || !page.Has(want) {
					t.Errorf("%q as %q: %d, without %q", q, as, page.Status, want)
				}
				if page.Has("lsewhere") || page.Has(`"<script>`) {
					t.Errorf("%q as %q shows what it must not", q, as)
				}
			}
		}
		if page := marit.get("/dashboard/acme/search?as=list&q=stripe"); !page.Has("/settings/providers") {
			t.Error("an owner does not find the providers")
		}
		if page := zoe.get("/dashboard/acme/search?as=list&q=stripe"); page.Has("/settings/providers") {
			t.Error("staff find what only managers see")
		}
	})
}

func TestSearchLeadsToTheRestWhenThereIsMore(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	acme := s.business(t, "acme", "marit@example.com")
	for range 7 {
		s.link(t, acme, link.Draft{Name: "Workshop"})
		s.customer(t, acme, customer.Draft{Name: "Workshop fan"})
	}
	page := s.signedIn(t, "marit@example.com").get("/dashboard/acme/search?as=list&q=work")
	if !page.Has("/links?q=work", "/customers?q=work", "All 7 customers", `data-said="10 results"`) {
		t.Errorf("shown: %s", page.Said())
	}
}

// WCAG 2.1.4: who speaks to their device, or hits keys by accident, can switch
// single keys off.
func TestSingleKeysAreSwitchedOffInABrowser(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	b := s.signedIn(t, "marit@example.com")
	at := "/dashboard/acme/settings/appearance"
	off := func() bool {
		return strings.Contains(b.get("/dashboard/acme/links").Body, `id="shortcuts" class="dialog" aria-labelledby="shortcuts-title" data-off`)
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
		if got := b.post(at, step.form); got.Status != http.StatusSeeOther || off() != step.off {
			t.Errorf("%v: %d, off is %v", step.form, got.Status, off())
		}
	}
}
