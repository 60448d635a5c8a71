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
	"smartlinks/internal/web/public/publictest"
)

// Whose payment of a kept place failed, and who wants to pay in another way than by transfer,
// comes back to the place: it is theirs until the end of the offer.
func TestWhoTriesAgainHasTheirPlaceStill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.Bank()
		_, paid := s.FullWithList("Workshop")
		place := s.Wait("/acme/workshop", "mara@example.com")
		if _, err := s.Payments.Refund(t.Context(), s.Business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.SettleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		page := s.Get(place).Header.Get("Location")
		b := s.Browser()
		started := b.Post(page, publictest.Payer())
		ended := b.Post(s.Path(started.Header.Get("Location")), map[string][]string{"outcome": {"failed"}})
		status := s.Path(ended.Header.Get("Location"))
		offer := regexp.MustCompile(`href="([^"]*offer=[^"]*)"`)
		failed := b.Get(status)
		again := offer.FindStringSubmatch(failed.Body)
		if again == nil {
			t.Fatalf("whose payment failed is led to no place: %s", publictest.Shown(failed))
		}
		if stranger := s.Browser().Get(status); offer.MatchString(stranger.Body) {
			t.Error("a stranger is given the place")
		}
		form := publictest.Payer()
		form.Set("method", "bank_transfer")
		started = b.Post(s.Path(html.UnescapeString(again[1])), form)
		if started.StatusCode != http.StatusSeeOther {
			t.Fatalf("the place can't be taken: %d %s", started.StatusCode, publictest.Shown(started))
		}
		another := b.Post(s.Path(started.Header.Get("Location"))+"/another", nil)
		if got := b.Get(s.Path(another.Header.Get("Location"))); got.StatusCode != http.StatusOK || !got.Has("is yours until") {
			t.Errorf("who wants to pay another way comes to %q: %d %s", another.Header.Get("Location"), got.StatusCode, publictest.Shown(got))
		}
	})
}

// Who gives up a transfer to pay in another way keeps the place before all who wait for one,
// for as long as a checkout would hold it.
func TestWhoPaysAnotherWayComesBeforeWhoWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.Bank()
		l := s.MustLink(link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Multiple, Max: 2}, WaitingList: true})
		b, form := s.Browser(), publictest.Payer()
		form.Set("method", "bank_transfer")
		started := b.Post("/acme/workshop", form)
		s.Settle(s.Post("/acme/workshop", url.Values{"name": {"Ben"}, "email": {"ben@example.com"}}), "paid")
		place := s.Wait("/acme/workshop", "mara@example.com")
		another := b.Post(s.Path(started.Header.Get("Location"))+"/another", nil)
		to := s.Path(another.Header.Get("Location"))
		if got := b.Get(to); got.StatusCode != http.StatusOK || !got.Has("is yours until") {
			t.Fatalf("who pays another way comes to %q: %d %s", to, got.StatusCode, publictest.Shown(got))
		}
		if got := s.Get(place); !got.Has("You are number 1 on the list") {
			t.Errorf("who waits reads %d %s", got.StatusCode, publictest.Shown(got))
		}
		paid := b.Post(to, publictest.Payer())
		if ended := b.Post(s.Path(paid.Header.Get("Location")), map[string][]string{"outcome": {"paid"}}); ended.StatusCode != http.StatusSeeOther {
			t.Fatalf("paid: %d %s", ended.StatusCode, publictest.Shown(ended))
		}
		if err := s.SettleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || now.Slots.Used != 2 || now.Slots.Held != 0 {
			t.Errorf("the slots are %+v, %v", now.Slots, err)
		}
	})
}

// Whose offer ends while they fill in the form is told so, not that the link is full, and can
// join again from there; a link with room takes the payment all the same.
func TestAnOfferThatEndsMeanwhileSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l, paid := s.FullWithList("Workshop")
		place := s.Wait("/acme/workshop", "mara@example.com")
		if _, err := s.Payments.Refund(t.Context(), s.Business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.SettleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		page := s.Get(place).Header.Get("Location")
		s.Post(place+"/leave", nil)
		s.Settle(s.Post(page, publictest.Payer()), "paid")
		if now, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || now.Slots.Used != 1 {
			t.Fatalf("the slots are %+v, %v", now.Slots, err)
		}
		if got := s.Post(page, publictest.Payer()); got.StatusCode != http.StatusSeeOther || s.Path(got.Header.Get("Location")) != place {
			t.Errorf("a form on a full link: %d to %q", got.StatusCode, got.Header.Get("Location"))
		}
	})
}
