package dashboard_test

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
)

func TestWhoDidWhatIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		other := s.business(t, "elsewhere", "sam@example.com")
		s.staff(t, acme, "sam@example.com")
		if unsaid := s.Dashboard.Unsaid(); len(unsaid) > 0 {
			t.Errorf("the log has no words for %q", unsaid)
		}
		c := s.customer(t, acme, customer.Draft{Name: "Sanne"})
		l := s.link(t, acme, link.Draft{})
		marit, sam := s.signedIn(t, "marit@example.com"), s.signedIn(t, "sam@example.com")
		s.exec(t, `DELETE FROM acts`) // that they signed in
		if got := marit.get("/dashboard/acme/settings/audit"); !got.Has("Nothing was done yet") {
			t.Errorf("the empty log: %s", got.Said())
		}
		marit.post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {"off"}})
		sam.post("/dashboard/acme/customers/"+string(c.ID)+"/edit", url.Values{"version": {"1"}, "name": {""}}) // refused
		sam.post("/dashboard/acme/customers/"+string(c.ID)+"/delete", nil)                                      // not allowed
		sam.post("/dashboard/acme/customers", with(goodCustomer(), "act", "add-tag"))                           // only a tag in a form
		sam.post("/dashboard/acme/links/preview", url.Values{"name": {"x"}})                                    // only a look
		made := sam.post("/dashboard/acme/customers", goodCustomer()).Location
		log := marit.get("/dashboard/acme/settings/audit")
		if !log.Has("Marit de Boer", "Switched a link on or off", string(l.ID), "Added a customer", `href="`+made+`"`, "127.0.0.xxx") || strings.Count(log.Body, "<time") != 2 {
			t.Errorf("the log: %s", log.Said())
		}
		if got := marit.get("/dashboard/acme/settings/audit?of=" + string(l.ID)); !got.Has("Switched a link") || got.Has("Added a customer") {
			t.Errorf("of the link: %s", got.Said())
		}
		if got := sam.get("/dashboard/acme/settings/audit"); got.Status != http.StatusForbidden {
			t.Errorf("staff: %d", got.Status)
		}
		if acts, _, err := s.Accounts.Acts(t.Context(), other.ID, "", ""); err != nil || len(acts) > 0 {
			t.Errorf("another business knows %v, %v", acts, err)
		}
		for range 60 {
			marit.post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {"on"}})
		}
		first, next, err := s.Accounts.Acts(t.Context(), acme.ID, "", "")
		if err != nil || len(first) != 50 || next == "" {
			t.Fatalf("%d acts, %q, %v", len(first), next, err)
		}
		if rest, next, err := s.Accounts.Acts(t.Context(), acme.ID, "", next); err != nil || len(rest) != 12 || next != "" || rest[0].ID >= first[49].ID {
			t.Errorf("%d more acts, %q, %v", len(rest), next, err)
		}
		s.exec(t, `UPDATE acts SET at = $1 WHERE object = $2`, db.At(d.Clock().Wall().Add(-401*24*time.Hour)), l.ID)
		if err := s.Accounts.ForgetActs(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left, _, _ := s.Accounts.Acts(t.Context(), acme.ID, "", ""); len(left) != 1 {
			t.Errorf("%d acts are left", len(left))
		}
	})
}
