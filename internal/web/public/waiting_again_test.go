package public_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
)

// Whose payment of a kept place failed, and who wants to pay in another way than by transfer,
// comes back to the place: it is theirs until the end of the offer.
func TestWhoTriesAgainHasTheirPlaceStill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.bank()
		_, paid := s.fullWithList("Workshop")
		place := s.wait("/acme/workshop", "mara@example.com")
		if _, err := s.payments.Refund(t.Context(), s.business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.settleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		page := s.get(place).Header.Get("Location")
		b := s.browser()
		started := b.post(page, payer())
		ended := b.post(s.path(started.Header.Get("Location")), map[string][]string{"outcome": {"failed"}})
		status := s.path(ended.Header.Get("Location"))
		offer := regexp.MustCompile(`href="([^"]*offer=[^"]*)"`)
		failed := b.get(status)
		again := offer.FindStringSubmatch(failed.body)
		if again == nil {
			t.Fatalf("whose payment failed is led to no place: %s", shown(failed))
		}
		if stranger := s.browser().get(status); offer.MatchString(stranger.body) {
			t.Error("a stranger is given the place")
		}
		form := payer()
		form.Set("method", "bank_transfer")
		started = b.post(s.path(html.UnescapeString(again[1])), form)
		if started.StatusCode != http.StatusSeeOther {
			t.Fatalf("the place can't be taken: %d %s", started.StatusCode, shown(started))
		}
		another := b.post(s.path(started.Header.Get("Location"))+"/another", nil)
		if got := b.get(s.path(another.Header.Get("Location"))); got.StatusCode != http.StatusOK || !got.has("is yours until") {
			t.Errorf("who wants to pay another way comes to %q: %d %s", another.Header.Get("Location"), got.StatusCode, shown(got))
		}
	})
}

// Who gives up a transfer to pay in another way keeps the place before all who wait for one,
// for as long as a checkout would hold it.
func TestWhoPaysAnotherWayComesBeforeWhoWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.bank()
		l := s.mustLink(link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Multiple, Max: 2}, WaitingList: true})
		b, form := s.browser(), payer()
		form.Set("method", "bank_transfer")
		started := b.post("/acme/workshop", form)
		s.settle(s.post("/acme/workshop", url.Values{"name": {"Ben"}, "email": {"ben@example.com"}}), "paid")
		place := s.wait("/acme/workshop", "mara@example.com")
		another := b.post(s.path(started.Header.Get("Location"))+"/another", nil)
		to := s.path(another.Header.Get("Location"))
		if got := b.get(to); got.StatusCode != http.StatusOK || !got.has("is yours until") {
			t.Fatalf("who pays another way comes to %q: %d %s", to, got.StatusCode, shown(got))
		}
		if got := s.get(place); !got.has("You are number 1 on the list") {
			t.Errorf("who waits reads %d %s", got.StatusCode, shown(got))
		}
		paid := b.post(to, payer())
		if ended := b.post(s.path(paid.Header.Get("Location")), map[string][]string{"outcome": {"paid"}}); ended.StatusCode != http.StatusSeeOther {
			t.Fatalf("paid: %d %s", ended.StatusCode, shown(ended))
		}
		if err := s.settleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now, err := s.links.Get(t.Context(), s.business, l.ID); err != nil || now.Slots.Used != 2 || now.Slots.Held != 0 {
			t.Errorf("the slots are %+v, %v", now.Slots, err)
		}
	})
}

// Whose offer ends while they fill in the form is told so, not that the link is full, and can
// join again from there; a link with room takes the payment all the same.
func TestAnOfferThatEndsMeanwhileSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l, paid := s.fullWithList("Workshop")
		place := s.wait("/acme/workshop", "mara@example.com")
		if _, err := s.payments.Refund(t.Context(), s.business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.settleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		page := s.get(place).Header.Get("Location")
		s.post(place+"/leave", nil)
		s.settle(s.post(page, payer()), "paid")
		if now, err := s.links.Get(t.Context(), s.business, l.ID); err != nil || now.Slots.Used != 1 {
			t.Fatalf("the slots are %+v, %v", now.Slots, err)
		}
		if got := s.post(page, payer()); got.StatusCode != http.StatusSeeOther || s.path(got.Header.Get("Location")) != place {
			t.Errorf("a form on a full link: %d to %q", got.StatusCode, got.Header.Get("Location"))
		}
	})
}
