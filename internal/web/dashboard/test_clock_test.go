package dashboard_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestTheTestClockBringsReminders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		who, err := s.Customers.Create(t.Context(), acme, customer.Fields{Name: "Ann Fine", Email: "ann@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		made := b.Post("/dashboard/acme/links", url.Values{
			"type": {"amount"}, "name": {"Workshop"}, "amount": {"89"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"}, "to": {"one"}, "customer": {string(who.ID)},
			"by": {"email"}, "remind": {"on"}, "remind_every": {"every_2_days"}, "remind_max": {"5"},
		})
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		const page = "/dashboard/acme/test-clock"
		if got := b.Get(page); !got.Has("18 Feb 2026, 10:42", "It shows the real time", "Test clock") {
			t.Errorf("at the start: %s", got.Said())
		}
		for range 2 {
			if got := b.Post(page, url.Values{"hours": {"48"}}); got.Status != http.StatusSeeOther {
				t.Errorf("two days: %d %s", got.Status, got.Said())
			}
		}
		if got := b.Get(page); !got.Has("22 Feb 2026, 10:42", "4 days ahead") {
			t.Errorf("four days later: %s", got.Said())
		}
		if got := b.Get(made.Location); !got.Has("2 of 5 sent") {
			t.Errorf("the link: %s", got.Said())
		}
		for _, typed := range []string{"", "0", "-1", "many", "18264", "99999999999999999999"} {
			if got := b.Post(page, url.Values{"days": {typed}}); got.Status != http.StatusUnprocessableEntity || !got.Has("from 1 to 18263") {
				t.Errorf("%q: %d %s", typed, got.Status, got.Said())
			}
		}
		if got := b.Post(page, url.Values{"days": {"18263"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("at most 50 years ahead") {
			t.Errorf("beyond 50 years: %d %s", got.Status, got.Said())
		}
		b.Post(page, url.Values{"reset": {"yes"}})
		if got := b.Get(page); !got.Has("18 Feb 2026, 10:42", "It shows the real time") || got.Has("Set it back to the real time") {
			t.Errorf("set back: %s", got.Said())
		}
	})
}
