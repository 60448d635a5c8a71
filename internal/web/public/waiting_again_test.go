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

// site with tickets of which three are paid, and page, at which Mara has the two that came free.
func twoKept(t *testing.T, d *db.DB) (s *publictest.Site, l link.Link, page string) {
	t.Helper()
	s = publictest.MustSite(t, d, "http")
	l = s.MustLink(link.Fields{Name: "Tickets", Checkout: publictest.Units(1, 4), Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}, WaitingList: true})
	s.Settle(s.Post("/acme/tickets", url.Values{"name": {"Jonas"}, "email": {"jonas@example.se"}, "quantity": {"3"}, "total": {"267.00"}}), "paid")
	if joined := s.Post("/acme/tickets", url.Values{"waiting_email": {"mara@example.com"}, "waiting_quantity": {"2"}}); !joined.Has("We have written to you") {
		t.Fatalf("joining: %d %s", joined.StatusCode, joined.Body)
	}
	edit(s, l, func(f *link.Fields) { f.Limit.Max = 5 })
	var token string
	if err := d.Get(t.Context(), &token, `SELECT token FROM waiting_entries WHERE state = 'offered'`); err != nil {
		t.Fatal(err)
	}
	return s, l, "/acme/tickets?offer=" + token
}

func edit(s *publictest.Site, l link.Link, to func(*link.Fields)) {
	s.T.Helper()
	if _, err := s.Links.Edit(s.T.Context(), s.Business, l.ID, 0, to); err != nil {
		s.T.Fatal(err)
	}
}

// Who has places buys as many as are kept, also once the limit is below them. Who wants more
// reads how many they can have, not that the link is full: theirs are kept.
func TestWhoHasAnOfferBuysWhatIsKeptAndNoMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, l, page := twoKept(t, d)
		s.Wait("/acme/tickets", "ben@example.com")
		for _, limit := range []int64{5, 3} {
			edit(s, l, func(f *link.Fields) { f.Limit.Max = limit })
			form := s.Get(page)
			if !form.Has("A place came free") || !form.Has("up to 2") || form.Has("No payments left") || form.Has("0 left") {
				t.Fatalf("of %d, the form: %d %s", limit, form.StatusCode, publictest.Shown(form))
			}
			if got := s.Post(page, form.FilledIn("quantity", "3")); got.StatusCode != http.StatusUnprocessableEntity || !got.Has("Only 2 left, so 3 became 2.") {
				t.Errorf("of %d, three: %d %s", limit, got.StatusCode, publictest.Shown(got))
			}
		}
		b := s.Browser()
		two := b.Get(page).FilledIn("quantity", "2", "email", "mara@example.com")
		checkout := b.Start(page, two)
		for _, other := range []publictest.Page{s.Browser().Get(page), s.Browser().Post(page, two)} {
			if !other.Has("You have taken your place") {
				t.Errorf("in another browser, meanwhile: %d %s", other.StatusCode, publictest.Shown(other))
			}
		}
		s.Decide(checkout, "paid")
		if now, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || now.Units != (link.Slots{Used: 5, Waiting: 1}) {
			t.Errorf("the units are %+v, %v", now.Units, err)
		}
	})
}

// A payment must buy more by now than is kept: no number would be taken, and the page says so,
// until there are more.
func TestWhoHasFewerThanAPaymentBuysReadsThat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, l, page := twoKept(t, d)
		form := s.Get(page).FilledIn("quantity", "2")
		edit(s, l, func(f *link.Fields) { f.Checkout = publictest.Units(3, 4) })
		for status, got := range map[int]publictest.Page{http.StatusOK: s.Get(page), http.StatusConflict: s.Post(page, form)} {
			if got.StatusCode != status || !got.Has("One payment of Tickets buys at least 3 by now.") || !got.Has("I no longer want a place") || got.Has("Payment limit reached") || got.Has(`name="waiting_email"`) {
				t.Errorf("%d: %s", got.StatusCode, publictest.Shown(got))
			}
		}
		edit(s, l, func(f *link.Fields) { f.Limit.Max = 6 })
		got := s.Get(page)
		if !got.Has("A place came free") || !got.Has("up to 3") {
			t.Fatalf("with one more: %d %s", got.StatusCode, publictest.Shown(got))
		}
		s.Settle(s.Post(page, got.FilledIn("quantity", "3", "name", "Mara")), "paid")
		if now, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || now.Units.Used != 6 || now.Units.Held != 0 {
			t.Errorf("the units are %+v, %v", now.Units, err)
		}
	})
}

// The last place is being paid for in the browser of whose offer it was; in another one they
// are not told that somebody else pays for it.
func TestWhosePlaceIsBeingPaidForReadsThatElsewhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		_, paid := s.FullWithList("Workshop")
		place := s.Wait("/acme/workshop", "mara@example.com")
		if _, err := s.Payments.Refund(t.Context(), s.Business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.SettleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		page := s.Get(place).Header.Get("Location")
		s.Browser().Start(page, publictest.Payer())
		for _, other := range []publictest.Page{s.Browser().Get(page), s.Browser().Post(page, publictest.Payer())} {
			if !other.Has("You have taken your place") {
				t.Errorf("%d %s", other.StatusCode, publictest.Shown(other))
			}
		}
	})
}
