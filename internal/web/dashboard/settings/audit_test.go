package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestWhoDidWhatIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		other := s.Business(t, "elsewhere", "sam@example.com")
		s.Staff(t, acme, "sam@example.com")
		c := s.Customer(t, acme, customer.Fields{Name: "Sanne"})
		l := s.Link(t, acme, link.Fields{})
		marit, sam := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "sam@example.com")
		s.Exec(t, `DELETE FROM audit_log`) // that they signed in
		if got := marit.Get("/dashboard/acme/settings/audit"); !got.Has("Nothing has happened yet") {
			t.Errorf("the empty log: %s", got.Said())
		}
		marit.Post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {"off"}})
		sam.Post("/dashboard/acme/customers/"+string(c.ID)+"/edit", url.Values{"version": {"1"}, "name": {""}})   // refused
		sam.Post("/dashboard/acme/customers/"+string(c.ID)+"/delete", nil)                                        // not allowed
		sam.Post("/dashboard/acme/customers", dashboardtest.With(dashboardtest.GoodCustomer(), "act", "add-tag")) // only a tag in a form
		sam.Post("/dashboard/acme/links/preview", url.Values{"name": {"x"}})                                      // only a look
		made := sam.Post("/dashboard/acme/customers", dashboardtest.GoodCustomer()).Location
		log := marit.Get("/dashboard/acme/settings/audit")
		if !log.Has("Marit de Boer", "Switched a link on or off", string(l.ID), "Added a customer", `href="`+made+`"`, "127.0.0.xxx") || strings.Count(log.Body, "<time") != 2 {
			t.Errorf("the log: %s", log.Said())
		}
		if got := marit.Get("/dashboard/acme/settings/audit?of=" + string(l.ID)); !got.Has("Switched a link") || got.Has("Added a customer") {
			t.Errorf("of the link: %s", got.Said())
		}
		if got := sam.Get("/dashboard/acme/settings/audit"); got.Status != http.StatusForbidden {
			t.Errorf("staff: %d", got.Status)
		}
		if entries, _, err := s.Audit.List(t.Context(), other.ID, "", ""); err != nil || len(entries) > 0 {
			t.Errorf("another business knows %v, %v", entries, err)
		}
		for range 60 {
			marit.Post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {"on"}})
		}
		first, next, err := s.Audit.List(t.Context(), acme.ID, "", "")
		if err != nil || len(first) != 50 || next == "" {
			t.Fatalf("%d entries, %q, %v", len(first), next, err)
		}
		if rest, next, err := s.Audit.List(t.Context(), acme.ID, "", next); err != nil || len(rest) != 12 || next != "" || rest[0].ID >= first[49].ID {
			t.Errorf("%d more entries, %q, %v", len(rest), next, err)
		}
		s.Exec(t, `UPDATE audit_log SET at = $1 WHERE object = $2`, db.At(d.Clock().Wall().Add(-401*24*time.Hour)), l.ID)
		if err := s.Audit.DeleteOld(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left, _, _ := s.Audit.List(t.Context(), acme.ID, "", ""); len(left) != 1 {
			t.Errorf("%d entries are left", len(left))
		}
	})
}
