package customers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestACustomerIsMadeShownAndChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if page := b.Get("/dashboard/acme/customers"); !page.Has("No customers yet") {
			t.Errorf("the empty list: %d", page.Status)
		}
		got := b.Post("/dashboard/acme/customers", dashboardtest.GoodCustomer())
		if got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		at := got.Location
		if page := b.Get(at); !page.Has("Sanne Visser", "sanne@example.com", "+31 6 12345678", "Nederlands", "VIP", "Prefers the phone.", "links/new?customer=") {
			t.Errorf("the page: %s", page.Said())
		}
		if page := b.Get(at + "/edit"); !page.Has(`value="+31 6 12345678"`, `value="VIP" checked`) {
			t.Errorf("the form: %d", page.Status)
		}
		changed := dashboardtest.With(dashboardtest.With(dashboardtest.GoodCustomer(), "name", "Sanne de Visser"), "tags", "")
		changed["tag"] = []string{"VIP"}
		if got := b.Post(at+"/edit", changed); got.Location != at {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		if page := b.Get(at); !page.Has("Sanne de Visser") || page.Has(">New<") {
			t.Errorf("afterwards: %s", page.Said())
		}
		if got := b.Post(at+"/edit", dashboardtest.With(changed, "notes", "Prefers mail.")); got.Status != http.StatusConflict || !got.Has("Prefers mail.") {
			t.Errorf("a stale form: %d", got.Status)
		}
		for query, found := range map[string]bool{"?q=VISSER": true, "?q=06+1234": true, "?q=nobody": false, "?tag=vip": true, "?tag=New": false} {
			if page := b.Get("/dashboard/acme/customers" + query); page.Has("Sanne de Visser") != found {
				t.Errorf("%s finds her: %v", query, !found)
			}
		}
		adding := dashboardtest.With(dashboardtest.With(dashboardtest.GoodCustomer(), "tags", "Fresh"), "act", "add-tag")
		if got := b.Post("/dashboard/acme/customers", adding); got.Status != http.StatusOK || !got.Has(`value="Fresh" checked`, "Prefers the phone.") {
			t.Errorf("a tag made in the form: %d", got.Status)
		}
		if n, _ := s.Customers.Count(t.Context(), acme.ID); n != 1 {
			t.Errorf("%d customers", n)
		}
	})
}

func TestCustomerMistakesKeepWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Customer(t, acme, customer.Fields{Name: "Taken", Email: "taken@example.com"})
		b := s.SignedIn(t, "marit@example.com")
		for _, c := range []struct{ input, value, says string }{
			{"email", "taken@EXAMPLE.com", "Taken has this email address"}, {"email", "nobody", "@"}, {"phone", "06 12", "+31 6"}, {"language", "tlh", "languages"},
			{"name", strings.Repeat("x", 121), "120"}, {"tags", strings.Repeat("x", 51), "50"},
		} {
			got := b.Post("/dashboard/acme/customers", dashboardtest.With(dashboardtest.GoodCustomer(), c.input, c.value))
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.input+`-error"`, "Prefers the phone.", c.says) {
				t.Errorf("%s = %.20q: %d, told at the field: %v", c.input, c.value, got.Status, got.Has(`id="`+c.input+`-error"`))
			}
		}
	})
}

func TestCustomersAreMergedAndDeletedByThoseWhoMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "elsewhere", "sam@example.com")
		s.Staff(t, acme, "sam@example.com")
		keep := s.Customer(t, acme, customer.Fields{Name: "Keep"})
		gone := s.Customer(t, acme, customer.Fields{Name: "Double", Email: "double@example.com"})
		l := s.Link(t, acme, link.Fields{CustomerID: gone.ID})
		staff, b := s.SignedIn(t, "sam@example.com"), s.SignedIn(t, "marit@example.com")
		page := "/dashboard/acme/customers/" + string(keep.ID)
		for _, act := range []string{"/merge", "/delete"} {
			if got := staff.Post(page+act, nil); got.Status != http.StatusForbidden {
				t.Errorf("%s by staff: %d", act, got.Status)
			}
		}
		if got := b.Get(page + "/merge?q=double"); !got.Has("Double", string(gone.ID)) {
			t.Errorf("the question: %s", got.Said())
		}
		if got := b.Post(page+"/merge", url.Values{}); got.Status != http.StatusNotFound {
			t.Errorf("merging with nobody: %d", got.Status)
		}
		if got := b.Post(page+"/merge", url.Values{"other": {string(gone.ID)}}); got.Location != page {
			t.Fatalf("merging: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("double@example.com", l.Name) {
			t.Errorf("after the merge: %s", got.Said())
		}
		if got := b.Get(page + "/delete"); !got.Has("payments stay") {
			t.Errorf("the question: %d", got.Status)
		}
		if got := b.Post(page+"/delete", nil); got.Status != http.StatusSeeOther {
			t.Errorf("deleting: %d", got.Status)
		}
		if _, err := s.Customers.Get(t.Context(), acme.ID, keep.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the customer is still there: %v", err)
		}
	})
}

func TestACustomerHasTheirDataAndIsErased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "elsewhere", "sam@example.com")
		s.Staff(t, acme, "sam@example.com")
		c := s.Customer(t, acme, customer.Fields{Name: "Sanne Visser", Email: "sanne@example.com", Phone: "+31612345678", Tags: tag.Named("VIP"), Notes: "Calls first."})
		s.Link(t, acme, link.Fields{Name: "Her invoice", CustomerID: c.ID})
		at := "/dashboard/acme/customers/" + string(c.ID)
		b, staff := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "sam@example.com")
		if got := b.Get(at + "/data.json"); !got.Has(`"email": "sanne@example.com"`, `"Calls first."`, `"VIP"`, `"Her invoice"`, `"payments": []`) || !strings.Contains(got.Header.Get("Content-Disposition"), string(c.ID)+".json") {
			t.Errorf("her data: %d %s", got.Status, got.Body)
		}
		for _, path := range []string{at + "/data.json", at + "/erase"} {
			if got := staff.Get(path); got.Status != http.StatusForbidden {
				t.Errorf("staff get %s: %d", path, got.Status)
			}
		}
		if got := staff.Post(at+"/erase", nil); got.Status != http.StatusForbidden {
			t.Errorf("staff erase: %d", got.Status)
		}
		if got := b.Get(at); !got.Has(at+"/data.json", at+"/erase") {
			t.Errorf("the page leads there: %s", got.Said())
		}
		if got := b.Get(at + "/erase"); !got.Has("Erase the personal data of Sanne Visser?", "What stays", "without a name") {
			t.Errorf("the question: %s", got.Said())
		}
		if got := b.Post(at+"/erase", nil); got.Location != "/dashboard/acme/customers" {
			t.Fatalf("erasing: %d %s", got.Status, got.Said())
		}
		if got := b.Get(at); got.Status != http.StatusNotFound {
			t.Errorf("afterwards: %d", got.Status)
		}
	})
}
