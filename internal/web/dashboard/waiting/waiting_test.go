package waiting_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAMemberSeesTheLineOffersAPlaceAndRemoves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l, b := s.Full(t, acme, "Workshop"), s.SignedIn(t, "marit@example.com")
		detail := "/dashboard/acme/links/" + string(l.ID)
		page := detail + "/waiting-list"
		act := func(e waitinglist.Entry, what string) string {
			return "/dashboard/acme/waiting-list/" + string(e.ID) + "/" + what
		}
		state := func(e waitinglist.Entry, want waitinglist.State) {
			t.Helper()
			if got, err := s.Waiting.Get(t.Context(), d, acme.ID, e.ID); err != nil || got.State != want {
				t.Errorf("%s is %s, want %s (%v)", e.Email, got.State, want, err)
			}
		}
		if got := b.Get(detail); !got.Has(`href="`+page+`"`, "Nobody is waiting") {
			t.Errorf("the link's page: %s", got.Said())
		}
		if got := b.Get(page); !got.Has("Nobody is waiting", "leave their email address", "held for 24 hours") || got.Has("Raise the limit") {
			t.Errorf("empty: %s", got.Said())
		}

		sofia, ben := s.Waits(t, acme, l, "sofia@example.com"), s.Waits(t, acme, l, "ben@example.com")
		if got := b.Get(detail); !got.Has("2 people are waiting") {
			t.Errorf("the link's page: %s", got.Said())
		}
		got := b.Get(page)
		if !got.Has("No place is free", detail+"/edit#limit", "2 places") || got.Has("Offer now") {
			t.Errorf("two wait: %s", got.Said())
		}
		if strings.Index(got.Body, "sofia@example.com") > strings.Index(got.Body, "ben@example.com") {
			t.Error("who joined last stands first")
		}
		if got := b.Post(act(ben, "offer"), nil); got.Status != http.StatusConflict || !got.Has("No place is free", "Raise the limit", "ben@example.com") {
			t.Errorf("offered without a place: %d %s", got.Status, got.Said())
		}
		state(ben, waitinglist.Waiting)

		s.Places(t, acme, l, 2)
		state(sofia, waitinglist.Offered)
		if got := b.Get(page); !got.Has("Offered", "Held until") {
			t.Errorf("offered: %s", got.Said())
		}
		if got := b.Get(detail); !got.Has("1 person is waiting", "1 place is on offer") || got.Has("paying right now") {
			t.Errorf("the link's page: %s", got.Said())
		}
		if got := b.Post(act(sofia, "offer"), nil); got.Status != http.StatusConflict || !got.Has("sofia@example.com has a place or an offer already") {
			t.Errorf("offered twice: %d %s", got.Status, got.Said())
		}
		if got := b.Get(act(sofia, "remove")); !got.Has("Remove sofia@example.com from the waiting list?", "Their offer ends at once") {
			t.Errorf("asked: %s", got.Said())
		}
		state(sofia, waitinglist.Offered)
		if got := b.Post(act(sofia, "remove"), nil); got.Status != http.StatusSeeOther || got.Location != page {
			t.Fatalf("removed: %d %s", got.Status, got.Said())
		}
		state(sofia, waitinglist.Ended)
		state(ben, waitinglist.Offered)
		if got := b.Get(page); !got.Has("sofia@example.com is removed from the list", "Ended", "deleted from the list after 30 days") || got.Has("Offer now") {
			t.Errorf("the place went on: %s", got.Said())
		}
		b.Post(act(ben, "remove"), nil)
		if got := b.Get(page); !got.Has("Offer now") {
			t.Errorf("a place is free: %s", got.Said())
		}
		if got := b.Post(act(sofia, "offer"), nil); got.Status != http.StatusSeeOther || got.Location != page {
			t.Fatalf("offered by hand: %d %s", got.Status, got.Said())
		}
		state(sofia, waitinglist.Offered)
		if got := b.Get(page); !got.Has("A place is offered to sofia@example.com") || got.Has("Offer now") {
			t.Errorf("offered by hand: %s", got.Said())
		}
		if got := b.Get("/dashboard/acme/settings/audit"); !got.Has("Offered a place to somebody on a waiting list", "Removed somebody from a waiting list") {
			t.Errorf("the audit log: %s", got.Said())
		}
		s.Business(t, "zenith", "zoe@example.com")
		zoe := s.SignedIn(t, "zoe@example.com")
		for _, what := range []string{"offer", "remove"} {
			if got := zoe.Post("/dashboard/zenith/waiting-list/"+string(sofia.ID)+"/"+what, nil); got.Status != http.StatusNotFound {
				t.Errorf("%s by another business: %d", what, got.Status)
			}
		}
		state(sofia, waitinglist.Offered)
	})
}

func TestALinkWithoutAListSaysHowToHaveOne(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l, b := s.Link(t, acme, link.Fields{}), s.SignedIn(t, "marit@example.com")
	page := "/dashboard/acme/links/" + string(l.ID)
	if got := b.Get(page); got.Status != http.StatusOK || got.Has(page+"/waiting-list") {
		t.Error("the link's page leads to a list that there is not")
	}
	if got := b.Get(page + "/waiting-list"); !got.Has("This link has no waiting list", page+"/edit") {
		t.Errorf("without a list: %s", got.Said())
	}
}

func TestAPausedLinkOffersNothing(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l, b := s.Full(t, acme, "Workshop"), s.SignedIn(t, "marit@example.com")
	e := s.Waits(t, acme, l, "sofia@example.com")
	b.Post("/dashboard/acme/links/"+string(l.ID)+"/active", map[string][]string{"active": {"off"}})
	if got := b.Get("/dashboard/acme/links/" + string(l.ID) + "/waiting-list"); !got.Has("takes no payments at the moment") || got.Has("Raise the limit", "Offer now") {
		t.Errorf("paused: %s", got.Said())
	}
	if got := b.Post("/dashboard/acme/waiting-list/"+string(e.ID)+"/offer", nil); got.Status != http.StatusConflict || !got.Has("takes no payments at the moment") {
		t.Errorf("offered: %d %s", got.Status, got.Said())
	}
}
