package public_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

func TestAStrangerLearnsNothingOfWhoWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		_, paid := s.FullWithList("Workshop")
		first := s.Post("/acme/workshop", url.Values{"waiting_email": {"mara@example.com"}})
		var token string
		if err := d.Get(t.Context(), &token, `SELECT token FROM waiting_entries`); err != nil {
			t.Fatal(err)
		}
		again := func(when string) {
			t.Helper()
			for range 3 {
				got := s.Post("/acme/workshop", url.Values{"waiting_email": {"Mara@example.com"}}, "X-Forwarded-For", "192.0.2.77")
				if got.StatusCode != first.StatusCode || strings.ReplaceAll(got.Body, "Mara@", "mara@") != first.Body || got.Header.Get("Location") != "" {
					t.Errorf("%s: a stranger gets %d to %q:\n%s\nwho joins gets\n%s", when, got.StatusCode, got.Header.Get("Location"), got.Body, first.Body)
				}
				for _, told := range []string{token, "number 1", "Joined", "Before you"} {
					if got.Has(told) {
						t.Errorf("%s: a stranger is told %q", when, told)
					}
				}
			}
		}
		again("while they wait")
		if _, err := s.Payments.Refund(t.Context(), s.Business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.SettleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		var offers int
		if err := d.Get(t.Context(), &offers, `SELECT COUNT(*) FROM mails WHERE kind = 'waiting_offered' AND recipient = 'mara@example.com'`); err != nil || offers != 1 {
			t.Errorf("%d mails offer the place, %v: a stranger has used them up", offers, err)
		}
		again("while they have an offer")
	})
}

func TestWhoFindsALinkFullWaitsAndTakesThePlaceThatComesFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l, paid := s.FullWithList("Workshop")
		full := s.Get("/acme/workshop")
		if full.StatusCode != http.StatusGone || !full.Has("Payment limit reached") || !full.Has(`name="waiting_email"`) || !full.Has("We write to you at once to say that you are on the list") {
			t.Fatalf("%d: %s", full.StatusCode, full.Body)
		}
		if wrong := s.Post("/acme/workshop", url.Values{"waiting_email": {"mara@"}}); wrong.StatusCode != http.StatusUnprocessableEntity || !wrong.Has(`value="mara@"`) || !wrong.Has(`aria-invalid="true"`) {
			t.Errorf("a wrong address: %d %s", wrong.StatusCode, wrong.Body)
		}
		place := s.Wait("/acme/workshop", "mara@example.com")
		if mine := s.Get(place); !mine.Has("You are number 1 on the list") || !mine.Has("mara@example.com") || !mine.Has("I no longer want a place") {
			t.Errorf("the place in the line: %s", mine.Body)
		}
		if _, err := s.Payments.Refund(t.Context(), s.Business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.SettleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if closed := s.Get("/acme/workshop"); closed.StatusCode != http.StatusGone {
			t.Errorf("the page is open while the place is offered: %d", closed.StatusCode)
		}
		offered := s.Get(place)
		page := offered.Header.Get("Location")
		if offered.StatusCode != http.StatusSeeOther || !regexp.MustCompile(`^/acme/workshop\?offer=`).MatchString(page) {
			t.Fatalf("the offer leads to %q", page)
		}
		form := s.Get(page)
		if form.StatusCode != http.StatusOK || !form.Has("A place came free") || !form.Has(`value="mara@example.com"`) {
			t.Fatalf("the offer's page: %d %s", form.StatusCode, form.Body)
		}
		if got := s.Settle(s.Post(page, publictest.Payer()), "paid"); !got.Has("Workshop") {
			t.Errorf("paid: %s", got.Body)
		}
		if after := s.Get(place); !after.Has("You have taken your place") {
			t.Errorf("afterwards: %s", after.Body)
		}
		if after := s.Get(page); !after.Has("You have taken your place") {
			t.Errorf("the offer's link, afterwards: %s", after.Body)
		}
		if got, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || got.Slots.Used != 1 || got.Slots.Held != 0 {
			t.Errorf("the slots are %+v, %v", got.Slots, err)
		}
	})
}

// Before its start a link on which others wait says when it opens, and takes who would wait
// too; a link that has ended takes nobody.
func TestAPageTakesWhoWaitsBeforeItsStartAndNotBehindItsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var list *waitinglist.List
		s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) { list = c.Waiting })
		l, paid := s.FullWithList("Workshop")
		place := s.Wait("/acme/workshop", "mara@example.com")
		dated := func(start, end time.Duration) {
			t.Helper()
			from, to := d.Clock().Now().Add(start), d.Clock().Now().Add(end)
			if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.StartsAt, f.EndsAt = &from, &to }); err != nil {
				t.Fatal(err)
			}
		}
		dated(time.Hour, 5*time.Hour)
		if _, err := s.Payments.Refund(t.Context(), s.Business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if early := s.Get("/acme/workshop"); early.StatusCode != http.StatusNotFound || !early.Has("Workshop opens on") || !early.Has(`name="waiting_email"`) {
			t.Errorf("before the start: %d %s", early.StatusCode, early.Body)
		}
		if wrong := s.Post("/acme/workshop", url.Values{"waiting_email": {"mara@"}}); wrong.StatusCode != http.StatusUnprocessableEntity || !wrong.Has("Workshop opens on") || !wrong.Has(`value="mara@"`) {
			t.Errorf("a wrong address: %d %s", wrong.StatusCode, wrong.Body)
		}
		s.Wait("/acme/workshop", "ben@example.com")
		if mine := s.Get(place); !mine.Has("You are number 1 on the list") {
			t.Errorf("the place in the line: %s", mine.Body)
		}
		d.Clock().SetOffset(2 * time.Hour)
		if err := list.EndDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		offered := s.Get(place).Header.Get("Location")
		if form := s.Get(offered); form.StatusCode != http.StatusOK || !form.Has("A place came free") {
			t.Errorf("the offer's page: %d %s", form.StatusCode, form.Body)
		}
		dated(time.Hour, 2*time.Hour)
		if early := s.Get(offered); early.StatusCode != http.StatusNotFound || !early.Has("Workshop opens on") {
			t.Errorf("an offer of a link that opens later: %d %s", early.StatusCode, early.Body)
		}
		dated(-2*time.Hour, -time.Hour)
		for _, page := range []string{"/acme/workshop", offered} {
			if ended := s.Get(page); ended.StatusCode != http.StatusNotFound || !ended.Has("Workshop took payments until") || ended.Has("waiting_email") {
				t.Errorf("behind the end, %s: %d %s", page, ended.StatusCode, ended.Body)
			}
		}
		if mine := s.Get(place); mine.StatusCode != http.StatusNotFound || !mine.Has("Workshop took payments until") {
			t.Errorf("the page of who had an offer, behind the end: %d %s", mine.StatusCode, mine.Body)
		}
		if late := s.Post("/acme/workshop", url.Values{"waiting_email": {"late@example.com"}}); late.StatusCode != http.StatusNotFound || late.Has("We have written to you") {
			t.Errorf("joining behind the end: %d %s", late.StatusCode, late.Body)
		}
		full, _ := s.FullWithList("Dinner")
		l = full
		dated(-2*time.Hour, -time.Hour)
		if late := s.Get("/acme/dinner"); late.StatusCode != http.StatusGone || late.Has("waiting_email") {
			t.Errorf("a full link that has ended: %d %s", late.StatusCode, late.Body)
		}
	})
}

// The page of the mail's link changes how many are waited for. What can't be is told, with
// what was typed.
func TestThePlacesThatAreWaitedForAreChangedOnTheirPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Tickets", Path: "tickets", Checkout: publictest.Units(1, 4), Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}, WaitingList: true})
		s.Settle(s.Post("/acme/tickets", url.Values{"name": {"Jonas"}, "email": {"jonas@example.se"}, "quantity": {"3"}, "total": {"267.00"}}), "paid")
		place := s.Wait("/acme/tickets", "mara@example.com")
		if got := s.Get(place); !got.Has(`name="waiting_quantity"`) || !got.Has(`value="1"`) || !got.Has(place+"/quantity") {
			t.Fatalf("the page: %d %s", got.StatusCode, publictest.Shown(got))
		}
		if got := s.Post(place+"/quantity", url.Values{"waiting_quantity": {"٩"}}); got.StatusCode != http.StatusUnprocessableEntity || !got.Has("Enter a number from 1 to 3.") || !got.Has(`value="٩"`) {
			t.Errorf("too many: %d %s", got.StatusCode, publictest.Shown(got))
		}
		if got := s.Post(place+"/quantity", url.Values{"waiting_quantity": {" 2 "}}); got.StatusCode != http.StatusSeeOther || s.Path(got.Header.Get("Location")) != place {
			t.Errorf("two: %d to %q", got.StatusCode, got.Header.Get("Location"))
		}
		if got := s.Get(place); !got.Has(`value="2"`) || !got.Has("You are number 1 on the list") {
			t.Errorf("then: %d %s", got.StatusCode, publictest.Shown(got))
		}
		if got := s.Post(place, nil); got.StatusCode != http.StatusOK {
			t.Errorf("leaving: %d", got.StatusCode)
		}
		if got := s.Post(place+"/quantity", url.Values{"waiting_quantity": {"3"}}); got.StatusCode != http.StatusSeeOther {
			t.Errorf("who has left: %d %s", got.StatusCode, publictest.Shown(got))
		}
		if got := s.Get(place); !got.Has("You are off the list") || got.Has(`name="waiting_quantity"`) {
			t.Errorf("who has left sees %s", publictest.Shown(got))
		}
	})
}

// One more place, for a friend: the browser that has paid shows the offer, not the receipt.
// Who waited for three is not sold one because that is what the form begins with.
func TestTheFormOfAnOfferBeginsWithWhatWasWaitedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Tickets", Checkout: publictest.Units(1, 4), Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}, WaitingList: true})
		s.Settle(s.Post("/acme/tickets", url.Values{"name": {"Jonas"}, "email": {"jonas@example.se"}, "quantity": {"3"}, "total": {"267.00"}}), "paid")
		if joined := s.Post("/acme/tickets", url.Values{"waiting_email": {"mara@example.com"}, "waiting_quantity": {"3"}}); !joined.Has("We have written to you") {
			t.Fatalf("joining: %d %s", joined.StatusCode, joined.Body)
		}
		if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Limit.Max = 6 }); err != nil {
			t.Fatal(err)
		}
		var token string
		if err := d.Get(t.Context(), &token, `SELECT token FROM waiting_entries WHERE state = 'offered'`); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{"": "3", "&quantity=2": "2"} {
			if got := s.Get("/acme/tickets?offer=" + token + query); !got.Has("A place came free") || !got.Has(`name="quantity" value="`+want+`"`) {
				t.Errorf("%q: %d %s", query, got.StatusCode, got.Body)
			}
		}
		if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Checkout = publictest.Units(1, 2) }); err != nil {
			t.Fatal(err)
		}
		if got := s.Get("/acme/tickets?offer=" + token); !got.Has(`name="quantity" value="2"`) {
			t.Errorf("more than a payment still buys: %d %s", got.StatusCode, got.Body)
		}
	})
}

func TestWhoHasPaidTakesAnOfferedPlaceToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Multiple, Max: 1}, WaitingList: true})
		b := s.Browser()
		b.End("/acme/workshop", "paid")
		place := s.Wait("/acme/workshop", "friend@example.com")
		if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Limit.Max = 2 }); err != nil {
			t.Fatal(err)
		}
		offer := b.Get(place).Header.Get("Location")
		form := b.Get(offer)
		if form.StatusCode != http.StatusOK || !form.Has("A place came free") || !form.Has(`value="friend@example.com"`) || !form.Has(place+"/leave") {
			t.Fatalf("the offer's page: %d %s", form.StatusCode, form.Body)
		}
		more := publictest.Payer()
		more.Set("once_more", form.Hidden("once_more"))
		s.Settle(b.Post(offer, more), "paid")
		if got, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || got.Slots.Used != 2 || got.Slots.Held != 0 {
			t.Errorf("the slots are %+v, %v", got.Slots, err)
		}
		if got := b.Get("/acme/workshop"); !got.Has("TEST-") {
			t.Errorf("without an offer they read of their payment: %s", got.Body)
		}
	})
}

func TestNobodyLeavesAListByAGet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		next := s.MustLink(link.Fields{Name: "April"})
		s.FullWithList("March", func(f *link.Fields) { f.WhenClosed.Next = next.ID })
		place := s.Wait("/acme/march", "mara@example.com")
		for range 2 {
			if got := s.Get(place); !got.Has("You are number 1") || !got.Has(`href="/acme/april"`) {
				t.Fatalf("the place is lost: %s", got.Body)
			}
		}
		if left := s.Post(place, url.Values{}); !left.Has("You are off the list") {
			t.Errorf("leaving: %d %s", left.StatusCode, left.Body)
		}
		if got := s.Get("/waiting/" + strings.Repeat("x", 43)); got.StatusCode != http.StatusNotFound {
			t.Errorf("a guessed token: %d", got.StatusCode)
		}
	})
}

func TestWhoFindsTheLastPlaceHeldCanWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Last", Limit: link.Limit{Kind: link.Once}, WaitingList: true})
		held := s.Post("/acme/last", publictest.Payer())
		other := s.Post("/acme/last", url.Values{"name": {"Ben"}, "email": {"ben@example.com"}})
		if other.StatusCode != http.StatusConflict || !other.Has(`name="waiting_email"`) {
			t.Fatalf("%d: %s", other.StatusCode, other.Body)
		}
		place := s.Wait("/acme/last", "ben@example.com")
		s.Settle(held, "failed")
		if offered := s.Get(place); offered.StatusCode != http.StatusSeeOther {
			t.Errorf("the place that came free is not offered: %d %s", offered.StatusCode, offered.Body)
		}
	})
}

// Where no mail goes out nobody could be told that a place came free, and an offer would
// keep it from everybody.
func TestNobodyWaitsWhereNoMailCanTellThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) { c.Messages.Gateway = nil })
		s.FullWithList("Workshop")
		if got := s.Browser().Get("/acme/workshop"); got.StatusCode != http.StatusGone || got.Has("Join the waiting list") {
			t.Errorf("offered: %d %s", got.StatusCode, publictest.Shown(got))
		}
		if got := s.Post("/acme/workshop", url.Values{"waiting_email": {"mara@example.com"}}); got.Has("We have written to you") {
			t.Errorf("joined: %d %s", got.StatusCode, publictest.Shown(got))
		}
		var n int
		if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM waiting_entries`); err != nil || n != 0 {
			t.Errorf("%d wait, %v", n, err)
		}
	})
}
