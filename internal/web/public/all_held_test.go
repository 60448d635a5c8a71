package public_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// Nobody is offered a place that others are paying for: the page says so, lets people wait,
// and has its form again once a place is free. Whoever holds one keeps their checkout.
func TestPlacesThatAreAllHeldAreNotOffered(t *testing.T) {
	for name, f := range map[string]link.Fields{
		"places": {Name: "Boat", Limit: link.Limit{Kind: link.Multiple, Max: 2}, WaitingList: true, ShowRemaining: true},
		"units": {Name: "Boat", Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}, WaitingList: true, ShowRemaining: true,
			Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 2, Max: 3}}},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				s := publictest.MustSite(t, d, "http")
				s.MustLink(f)
				hold := func(email string) (publictest.Page, *publictest.Browser) {
					b := s.Browser()
					return b.Post("/acme/boat", url.Values{"name": {"Ann"}, "email": {email}, "quantity": {"2"}}), b
				}
				if got := s.Browser().Get("/acme/boat"); !got.Has(`name="email"`) {
					t.Fatalf("it is open: %s", publictest.Shown(got))
				}
				first, holder := hold("ann@example.com")
				if name == "places" {
					if got := s.Browser().Get("/acme/boat"); !got.Has(`name="email"`) {
						t.Errorf("one is free: %s", publictest.Shown(got))
					}
					hold("ben@example.com")
				}
				publictest.Eventually(t, "all are held", func() bool {
					got := s.Browser().Get("/acme/boat")
					return got.StatusCode == http.StatusOK && !got.Has(`name="email"`) && got.Has("Someone is paying for the last place") && got.Has(`name="waiting_email"`)
				})
				if got := s.Browser().Get("/acme/boat"); !got.Has("kept for up to 30 minutes") || got.Has("bank transfer") {
					t.Errorf("nobody can transfer it: %s", publictest.Shown(got))
				}
				s.Bank()
				publictest.Eventually(t, "a transfer keeps it for days", func() bool { return s.Browser().Get("/acme/boat").Has("some days when they send a bank transfer") })
				if got := holder.Get("/acme/boat"); got.Has("Someone is paying") {
					t.Errorf("who holds one reads %s", publictest.Shown(got))
				}
				s.Settle(first, "failed")
				publictest.Eventually(t, "one is free", func() bool { return s.Browser().Get("/acme/boat").Has(`name="email"`) })
			})
		})
	}
}
