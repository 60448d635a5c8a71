package sending_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestALinkIsSentLaterAndTakenBackByItsPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		c := s.Customer(t, acme, customer.Fields{Name: "Amara Okafor", Email: "amara@example.com"})
		b := s.SignedIn(t, "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop"})
		page := "/dashboard/acme/links/" + string(l.ID) + "/send"
		form := url.Values{"to": {"one"}, "customer": {string(c.ID)}, "by": {"email"}, "when": {"later"}, "send_at": {""}, "send_key": {"k"}}
		if got := b.Post(page, form); got.Status != http.StatusUnprocessableEntity || !got.Has("Choose a day and a time.") {
			t.Errorf("without a time: %d %s", got.Status, got.Said())
		}
		form.Set("send_at", "2026-03-01T09:00")
		if got := b.Post(page, form); got.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", got.Status, got.Said())
		}
		shown := b.Get(page)
		if !shown.Has("Scheduled", "Amara Okafor", "Cancel sending") || len(s.Mails(t)) != 0 {
			t.Fatalf("the page says %s", shown.Said())
		}
		back := regexp.MustCompile(`/dashboard/acme/deliveries/dlv_[a-z0-9]+/take-back`).FindString(shown.Body)
		if got := b.Post(back, url.Values{}); got.Status != http.StatusSeeOther {
			t.Fatalf("taking it back: %d %s", got.Status, got.Said())
		}
		if again := b.Get(page); again.Has("Cancel sending") {
			t.Errorf("still there: %s", again.Said())
		}
	})
}
