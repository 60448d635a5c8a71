package sending_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestALinkIsMadeThatRemindsUntilItIsPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		who, err := s.Customers.Create(t.Context(), acme, customer.Fields{Name: "Ann Fine", Email: "ann@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{
			"type": {"amount"}, "name": {"Workshop"}, "amount": {"89"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"}, "to": {"one"}, "customer": {string(who.ID)}, "by": {"email"},
			"remind": {"on"}, "remind_every": {"every_2_days"}, "remind_max": {"51"}, "remind_weekdays": {"on"},
		}
		if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusUnprocessableEntity || !got.Has("between 1 and 50", `value="51"`, `value="Workshop"`) {
			t.Errorf("too many: %d %s", got.Status, got.Said())
		}
		form.Set("remind_max", "5")
		form.Del("remind_weekdays")
		made := b.Post("/dashboard/acme/links", form)
		if made.Status != http.StatusSeeOther {
			t.Fatalf("made: %d %s", made.Status, made.Said())
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.Get(made.Location); !got.Has("Every 2 days, 0 of 5 sent", "Next reminder 20 Feb 2026", "Upcoming", "Reminder 1 of 5") || got.Has("Reminder 2 of 5") {
			t.Errorf("the page: %s", got.Said())
		}
		if got := b.Get(made.Location + "?activity=reminder"); strings.Count(got.Body, "Upcoming") != 5 || !got.Has(`Reminders <span class="count">5</span>`, "5 entries") {
			t.Errorf("the tab of reminders: %s", got.Said())
		}
		if got := b.Get("/dashboard/acme/links/reminder-dates?remind_every=monthly&remind_max=6"); !got.Has("18 Mar", "18 Apr", "18 May", "2 more", "18 Aug") {
			t.Errorf("dates: %s", got.Said())
		}
		for act, says := range map[string]string{"skip": "left out", "send": "on its way", "pause": "rest"} {
			if got := b.Post(made.Location+"/reminders/"+act, nil); got.Status != http.StatusSeeOther {
				t.Errorf("%s: %d", act, got.Status)
			}
			if got := b.Get(made.Location); !got.Has(says) {
				t.Errorf("%s: %s", act, got.Said())
			}
			b.Post(made.Location+"/reminders/resume", nil)
		}
		d.Clock().SetOffset(3 * 24 * time.Hour)
		edit := b.Get(made.Location + "/edit")
		if !edit.Has(`name="remind" checked`) && !edit.Has("checked") || !edit.Has(`value="every_2_days" selected`) {
			t.Errorf("editing: %s", edit.Said())
		}
		s.Business(t, "zenith", "zoe@example.com")
		foreign := strings.Replace(made.Location, "acme", "zenith", 1)
		if got := s.SignedIn(t, "zoe@example.com").Post(foreign+"/reminders/pause", nil); got.Status != http.StatusNotFound {
			t.Errorf("another business: %d", got.Status)
		}
	})
}
