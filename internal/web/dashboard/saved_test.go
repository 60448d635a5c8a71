package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/saved"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// A search is saved for everybody of the business, opens as it was, and goes again.
func TestSearchesAreSavedUnderNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		s.Staff(t, acme, "zoe@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Summer Concert"})
		ann := s.Customer(t, acme, customer.Fields{Name: "Ann Okafor", Email: "ann@example.com"})
		s.Attempt(t, acme, l, "Sanne Visser", "sanne@example.com", sandbox.Paid)
		marit, zoe := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "zoe@example.com")
		for list, query := range map[string]string{"links": "q=summer&sort=-views", "customers": "q=okafor", "transactions": "range=month&status=paid"} {
			base := "/dashboard/acme/" + list
			if page := marit.Get(base); page.Has("Save this search") {
				t.Errorf("%s: a list of everything can be saved", list)
			}
			if page := marit.Get(base + "?" + query); !page.Has("Save this search", `value="`+strings.ReplaceAll(query, "&", "&amp;")+`"`) {
				t.Errorf("%s: can’t be saved", list)
			}
			got := marit.Post("/dashboard/acme/saved", url.Values{"list": {list}, "query": {query + "&cursor=x&trail=y"}, "name": {"Mine <b>"}})
			if got.Status != http.StatusSeeOther || !strings.HasSuffix(got.Header.Get("Location"), base+"?"+query) {
				t.Errorf("%s: saving: %d, to %s", list, got.Status, got.Header.Get("Location"))
			}
			page := zoe.Get(base + "?" + query)
			if !page.Has("Mine &lt;b&gt;", `aria-current="true"`, "Delete the saved search") || page.Has("Save this search") {
				t.Errorf("%s: the saved search is not shown as the one that is open: %s", list, page.Said())
			}
			if page := zoe.Get("/dashboard/zenith/" + list + "?" + query); page.Has("Mine &lt;b&gt;") {
				t.Errorf("%s: another business sees it", list)
			}
			// The same name takes the new search.
			marit.Post("/dashboard/acme/saved", url.Values{"list": {list}, "query": {"q=other"}, "name": {"MINE <b>"}})
			if all, err := s.Saved.Of(t.Context(), acme.ID, saved.List(list)); err != nil || len(all) != 1 || all[0].Query != "q=other" {
				t.Errorf("%s: %v, %v", list, all, err)
			}
			all, _ := s.Saved.Of(t.Context(), acme.ID, saved.List(list))
			if got := zoe.Post("/dashboard/acme/saved/"+string(all[0].ID)+"/delete", nil); got.Status != http.StatusSeeOther || marit.Get(base).Has("Mine") {
				t.Errorf("%s: deleting: %d", list, got.Status)
			}
		}
		for _, form := range []url.Values{
			{"list": {"links"}, "query": {"q=a"}, "name": {" "}}, {"list": {"links"}, "query": {"q=a"}, "name": {strings.Repeat("x", 41)}},
			{"list": {"links"}, "query": {"cursor=a"}, "name": {"Kept name"}}, {"list": {"team"}, "query": {"q=a"}, "name": {"Kept name"}},
			{"list": {"links"}, "query": {"q=" + strings.Repeat("a", 2000)}, "name": {"Kept name"}},
		} {
			got := marit.Post("/dashboard/acme/saved", form)
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`name="name" `, strings.TrimSpace(form.Get("name"))) {
				t.Errorf("%.60v: %d: %s", form, got.Status, got.Said())
			}
		}
		// Who is forgotten is named by no search.
		for name, query := range map[string]url.Values{"Others": {"q": {"visser"}}, "Ann": {"q": {"ANN okafor"}}, "By mail": {"q": {"ann@example.com"}}, "By id": {"customer": {string(ann.ID)}}} {
			if _, err := s.Saved.Save(t.Context(), acme.ID, saved.Transactions, name, query); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Customers.Erase(t.Context(), acme.ID, ann.ID); err != nil {
			t.Fatal(err)
		}
		if all, err := s.Saved.Of(t.Context(), acme.ID, saved.Transactions); err != nil || len(all) != 1 || all[0].Name != "Others" {
			t.Errorf("after forgetting: %v, %v", all, err)
		}
		for i := range saved.Most + 1 {
			_, err := s.Saved.Save(t.Context(), acme.ID, saved.Links, fmt.Sprint(i), url.Values{"q": {"a"}})
			if (err == nil) != (i < saved.Most) {
				t.Errorf("search %d: %v", i, err)
			}
		}
	})
}

// Days that were chosen come before a range.
func TestTransactionsOfARange(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	s.Attempt(t, acme, s.Link(t, acme, link.Fields{Name: "Summer Concert"}), "Sanne Visser", "sanne@example.com", sandbox.Paid)
	marit := s.SignedIn(t, "marit@example.com")
	for query, found := range map[string]bool{
		"range=today": true, "range=7-days": true, "range=month": true, "range=last-month": false, "range=nonsense": true, "range=today&from=2020-01-01&to=2020-01-31": false,
	} {
		if page := marit.Get("/dashboard/acme/transactions?" + query); page.Status != http.StatusOK || page.Has("Sanne Visser") != found {
			t.Errorf("%s: %d, found: %t", query, page.Status, !found)
		}
	}
}
