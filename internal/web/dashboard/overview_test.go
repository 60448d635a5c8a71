package dashboard_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
)

const atAcme = "/dashboard/acme"

func TestOverviewShowsHowTheBusinessDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		l := s.link(t, acme, link.Draft{Name: "Spring Workshop"})
		s.attempt(t, acme, l, "Jonas Lindqvist", "jonas@example.com", sandbox.Paid)
		s.attempt(t, acme, l, "Zeynep Aydin", "zeynep@example.com", sandbox.Failed)
		s.exec(t, `UPDATE business_days SET refunded_minor = 900 WHERE currency = 'EUR'`)
		b := s.signedIn(t, "marit@example.com")
		for _, days := range []string{"", "?days=7", "?days=90", "?days=nonsense&currency=XXX"} {
			page := b.get(atAcme + days)
			if page.Status != http.StatusOK || !page.Has("Revenue, gross", "€89.00", "€9.00 refunded, €80.00 net", "Jonas Lindqvist", "Zeynep Aydin", "Spring Workshop", "1 payment", `data-live="/dashboard/acme/live"`) {
				t.Fatalf("%q: %d %s", days, page.Status, page.Said())
			}
		}
		if err := s.Links.Delete(context.Background(), acme, l.ID); err != nil {
			t.Fatal(err)
		}
		if page := b.get(atAcme); !page.Has("€89.00", "(deleted)") {
			t.Error("money of a deleted link is gone from the overview")
		}
	})
}

// The checklist is read from facts: it goes on by itself, shrinks once money
// came, and is gone when all is done.
func TestChecklistFollowsWhatIsSetUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		expect := func(what string, words ...string) {
			t.Helper()
			if page := b.get(atAcme); !page.Has(words...) {
				t.Fatalf("%s: %v is not on\n%s", what, words, page.Said())
			}
		}
		expect("at first", "Welcome, Marit", "3 of 7", "Add address", "Four steps left", "Set up your payment page")
		if _, err := s.Businesses.Update(context.Background(), acme.ID, 0, business.Patch{Legal: &business.Legal{Address: "Singel 1\nAmsterdam"}}); err != nil {
			t.Fatal(err)
		}
		expect("with an address", "4 of 7", "Connect provider")
		l := s.link(t, acme, link.Draft{})
		expect("with a link", "5 of 7", "Welcome, Marit")
		s.attempt(t, acme, l, "Jonas", "jonas@example.com", sandbox.Paid)
		expect("once money came", "One step left: connect a payment provider", "6 of 7", "Recent payments")
		s.exec(t, `UPDATE businesses SET provider = 'stripe', provider_mode = 'test' WHERE id = $1`, acme.ID)
		if page := b.get(atAcme); page.Has("left:") || page.Has("Put the checklist away") {
			t.Error("all is done, and something is still asked for")
		}
	})
}

func TestChecklistIsPutAwayAndComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		s.member(t, acme, "staff@example.com", account.Staff)
		if page := s.signedIn(t, "staff@example.com").get(atAcme); page.Has("Set up your payment page") || !page.Has("No payments yet") {
			t.Error("staff are asked to set up what they may not")
		}
		if got := s.signedIn(t, "staff@example.com").post(atAcme+"/checklist", nil); got.Status != http.StatusForbidden {
			t.Errorf("staff put it away: %d", got.Status)
		}
		b := s.signedIn(t, "marit@example.com")
		if got := b.post(atAcme+"/checklist", nil); got.Location != atAcme {
			t.Fatalf("putting it away: %d %q", got.Status, got.Location)
		}
		page := b.get(atAcme)
		if page.Has("Set up your payment page") || !page.Has("No payments yet", "put away") {
			t.Fatalf("it is still there: %s", page.Said())
		}
		undo := between(t, page.Body, "toast-calm", `action="`, `"`)
		if b.post(undo, url.Values{}); !b.get(atAcme).Has("Set up your payment page") {
			t.Error("it does not come back")
		}
	})
}

func TestOverviewHearsOfItsBusinessOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme, zenith := s.business(t, "acme", "marit@example.com"), s.business(t, "zenith", "zoe@example.com")
		lines, leave := s.signedIn(t, "marit@example.com").follow(atAcme + "/live")
		defer leave()
		expect(t, lines, "retry:")
		expect(t, lines, "") // the end of the first event
		s.attempt(t, zenith, s.link(t, zenith, link.Draft{}), "Zoe", "zoe@example.com", sandbox.Paid)
		s.attempt(t, acme, s.link(t, acme, link.Draft{}), "Jonas", "jonas@example.com", sandbox.Paid)
		heard := 0
		for line := range lines {
			if strings.HasPrefix(line, "event: activity") {
				heard++
				break
			}
		}
		if heard != 1 {
			t.Error("the page does not hear of a payment")
		}
	})
}
