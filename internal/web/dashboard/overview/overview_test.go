package overview_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestOverviewShowsHowTheBusinessDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Spring Workshop"})
		s.Attempt(t, acme, l, "Jonas Lindqvist", "jonas@example.com", sandbox.Paid)
		s.Attempt(t, acme, l, "Zeynep Aydin", "zeynep@example.com", sandbox.Failed)
		s.Exec(t, `UPDATE business_days SET refunded_minor = 900 WHERE currency = 'EUR'`)
		b := s.SignedIn(t, "marit@example.com")
		for _, days := range []string{"", "?days=7", "?days=90", "?days=nonsense&currency=XXX"} {
			page := b.Get(dashboardtest.AtAcme + days)
			if page.Status != http.StatusOK || !page.Has("Revenue, gross", "€89.00", "€9.00 refunded, €80.00 net", "Jonas Lindqvist", "Zeynep Aydin", "Spring Workshop", "1 payment", `data-live="/dashboard/acme/live"`) {
				t.Fatalf("%q: %d %s", days, page.Status, page.Said())
			}
		}
		if err := s.Links.Delete(context.Background(), acme, l.ID); err != nil {
			t.Fatal(err)
		}
		if page := b.Get(dashboardtest.AtAcme); !page.Has("€89.00", "(deleted)") {
			t.Error("money of a deleted link is gone from the overview")
		}
	})
}

// Payers who were asked again after they stopped are told apart, by the period in which they
// were asked; where nobody was, nothing is said.
func TestOverviewShowsWhatAskingAgainBrought(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Spring Workshop"})
		b := s.SignedIn(t, "marit@example.com")
		left := s.Attempt(t, acme, l, "Jonas", "jonas@example.com", sandbox.Canceled)
		s.Attempt(t, acme, l, "Ann", "ann@example.com", sandbox.Paid) // nobody asked her
		if page := b.Get(dashboardtest.AtAcme); page.Has("Asked again") {
			t.Errorf("nobody was asked yet: %s", page.Said())
		}
		asked, err := s.Recovery.Ask(t.Context(), acme, left.ID)
		if err != nil {
			t.Fatal(err)
		}
		if page := b.Get(dashboardtest.AtAcme); !page.Has(dashboardtest.AtAcme+"/transactions/unfinished") || !says(page, "Asked again 1 Paid by that email 0 Revenue by that email None") {
			t.Errorf("asked: %s", page.Said())
		}
		came := s.Attempt(t, acme, l, "Jonas", "jonas@example.com", sandbox.Paid)
		s.Exec(t, `UPDATE attempts SET recipient_token = $2 WHERE business_id = $3 AND id = $1`, came.ID, asked.Token, acme.ID)
		if page := b.Get(dashboardtest.AtAcme + "?days=7"); !says(page, "Asked again 1 Paid by that email 1 Revenue by that email €89.00") {
			t.Errorf("paid: %s", page.Said())
		}
		s.Exec(t, `UPDATE recoveries SET sent_at = $2 WHERE business_id = $1`, acme.ID, db.At(d.Clock().Now().AddDate(0, 0, -10)))
		if page := b.Get(dashboardtest.AtAcme + "?days=7"); page.Has("Asked again") {
			t.Errorf("asked before these days: %s", page.Said())
		}
		if page := b.Get(dashboardtest.AtAcme + "?days=30"); !says(page, "Revenue by that email €89.00") {
			t.Errorf("within a longer period: %s", page.Said())
		}
	})
}

var tag = regexp.MustCompile(`<[^>]*>`)

// says reports whether a page has words, whatever elements they are in.
func says(page dashboardtest.Answer, words string) bool {
	return strings.Contains(strings.Join(strings.Fields(tag.ReplaceAllString(page.Body, " ")), " "), words)
}

// The checklist is read from facts: it goes on by itself, shrinks once money
// came, and is gone when all is done.
func TestChecklistFollowsWhatIsSetUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		expect := func(what string, words ...string) {
			t.Helper()
			if page := b.Get(dashboardtest.AtAcme); !page.Has(words...) {
				t.Fatalf("%s: %v is not on\n%s", what, words, page.Said())
			}
		}
		expect("at first", "Welcome, Marit", "Create your first link", `name="amount"`, "2 of 5", "After the four above")
		made := b.Post(dashboardtest.AtAcme+"/links", url.Values{
			"type": {"amount"}, "currency": {"EUR"}, "limit": {"unlimited"}, "show_remaining": {"on"}, "active": {"on"}, "name": {"Darkroom weekend"}, "amount": {"49"},
		})
		if made.Status != http.StatusSeeOther {
			t.Fatalf("the two fields make no link: %d %s", made.Status, made.Said())
		}
		expect("with a link", "Pay it yourself", "/acme/darkroom-weekend", "Done:")
		if _, err := s.Businesses.Update(context.Background(), acme.ID, 0, business.Patch{Legal: &business.Legal{Address: "Singel 1\nAmsterdam"}}); err != nil {
			t.Fatal(err)
		}
		expect("with an address", "3 of 5", "Welcome, Marit")
		s.Attempt(t, acme, s.Link(t, acme, link.Fields{}), "Jonas", "jonas@example.com", sandbox.Paid)
		expect("once money came", "2 steps left: Payment provider", "Recent payments")
		s.Exec(t, `UPDATE businesses SET provider = 'stripe', provider_mode = 'test' WHERE id = $1`, acme.ID)
		if page := b.Get(dashboardtest.AtAcme + "/go-live"); !page.Has("Connected with a test key") || page.Has("Receipts need it") || page.Has("Pay €0.50 yourself") {
			t.Errorf("going live with a test key: %s", page.Said())
		}
	})
}

// The end of going live is a real payment that is refunded with one click.
func TestGoingLiveEndsWithARealPayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Post(dashboardtest.AtAcme+"/go-live", nil); got.Location != dashboardtest.AtAcme+"/go-live" {
			t.Errorf("in test mode it leads to %q", got.Location)
		}
		s.Exec(t, `UPDATE businesses SET brand_color = '#123456', legal_address = 'Singel 1', contact_email = 'hello@example.com' WHERE id = $1`, acme.ID)
		trial := s.Attempt(t, acme, s.Link(t, acme, link.Fields{}), "Marit", "marit@example.com", sandbox.Paid)
		s.Exec(t, `UPDATE businesses SET provider = 'stripe', provider_mode = 'live' WHERE id = $1`, acme.ID)
		live, _, err := s.Businesses.ByHandle(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		if page := b.Get(dashboardtest.AtAcme + "/go-live?payment=" + string(trial.ID)); page.Has("You are live") {
			t.Error("play money is called real")
		}
		if page := b.Get(dashboardtest.AtAcme + "/go-live"); !page.Has("Pay €0.50 yourself") {
			t.Fatalf("with everything in place: %s", page.Said())
		}
		for range 2 { // pressing it again makes no second link
			if got := b.Post(dashboardtest.AtAcme+"/go-live", nil); !strings.HasSuffix(got.Location, "/acme/trial-payment") {
				t.Fatalf("it leads to %q %s", got.Location, got.Said())
			}
		}
		found, err := s.Links.ByPath(t.Context(), live, "trial-payment")
		if err != nil || found.Link.Amount.Minor != 50 || !strings.HasSuffix(found.Link.After.RedirectURL, dashboardtest.AtAcme+"/go-live") {
			t.Fatalf("the link is %+v, %v", found.Link, err)
		}
		s.Exec(t, `UPDATE attempts SET mode = 'live'`)
		s.Exec(t, `UPDATE payments SET mode = 'live'`)
		came := b.Get(dashboardtest.AtAcme + "/go-live?payment=" + string(trial.ID))
		if !came.Has("You are live: €89.00 arrived", "Refund €89.00", `name="amount" value="89.00"`) {
			t.Fatalf("after paying: %s", came.Said())
		}
		if got := b.Get(dashboardtest.AtAcme + "/go-live?payment=pay_unknown"); got.Status != http.StatusOK || got.Has("arrived") {
			t.Errorf("a payment of nobody's: %d", got.Status)
		}
	})
}

func TestChecklistIsPutAwayAndComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Member(t, acme, "staff@example.com", account.Staff)
		if page := s.SignedIn(t, "staff@example.com").Get(dashboardtest.AtAcme); page.Has("Create your first link") || !page.Has("No payments yet") {
			t.Error("staff are asked to set up what they may not")
		}
		if got := s.SignedIn(t, "staff@example.com").Post(dashboardtest.AtAcme+"/checklist", nil); got.Status != http.StatusForbidden {
			t.Errorf("staff put it away: %d", got.Status)
		}
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Post(dashboardtest.AtAcme+"/checklist", nil); got.Location != dashboardtest.AtAcme {
			t.Fatalf("putting it away: %d %q", got.Status, got.Location)
		}
		page := b.Get(dashboardtest.AtAcme)
		if page.Has("Create your first link") || !page.Has("No payments yet", "put away") {
			t.Fatalf("it is still there: %s", page.Said())
		}
		undo := dashboardtest.Between(t, page.Body, "toast-calm", `action="`, `"`)
		if b.Post(undo, url.Values{}); !b.Get(dashboardtest.AtAcme).Has("Create your first link") {
			t.Error("it does not come back")
		}
	})
}

func TestOverviewHearsOfItsBusinessOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme, zenith := s.Business(t, "acme", "marit@example.com"), s.Business(t, "zenith", "zoe@example.com")
		lines, leave := s.SignedIn(t, "marit@example.com").Follow(dashboardtest.AtAcme + "/live")
		defer leave()
		dashboardtest.Expect(t, lines, "retry:")
		dashboardtest.Expect(t, lines, "") // the end of the first event
		s.Attempt(t, zenith, s.Link(t, zenith, link.Fields{}), "Zoe", "zoe@example.com", sandbox.Paid)
		s.Attempt(t, acme, s.Link(t, acme, link.Fields{}), "Jonas", "jonas@example.com", sandbox.Paid)
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
