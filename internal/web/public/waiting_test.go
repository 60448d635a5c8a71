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
)

// fullWithList is a link with one place, which is paid, and a waiting list.
func (s *site) fullWithList(name string, more ...func(*link.Fields)) (link.Link, payment.ID) {
	s.t.Helper()
	l := s.mustLink(link.Fields{Name: name, Limit: link.Limit{Kind: link.Once}, WaitingList: true}, more...)
	s.settle(s.post("/acme/"+l.Path, payer()), "paid")
	var id payment.ID
	if err := s.d.Get(s.t.Context(), &id, `SELECT id FROM payments WHERE link_id = $1`, l.ID); err != nil {
		s.t.Fatal(err)
	}
	return l, id
}

// wait joins the list of a page, and returns the address in the mail about it.
func (s *site) wait(page, email string) string {
	s.t.Helper()
	// The number as an Arabic keyboard writes it.
	if joined := s.post(page, url.Values{"waiting_email": {email}, "waiting_quantity": {"١"}}); joined.StatusCode != http.StatusOK || !joined.has("We have written to you") {
		s.t.Fatalf("joining: %d %s", joined.StatusCode, joined.body)
	}
	var token string
	if err := s.d.Get(s.t.Context(), &token, `SELECT token FROM waiting_entries WHERE email = $1`, email); err != nil {
		s.t.Fatal(err)
	}
	return "/waiting/" + token
}

func TestAStrangerLearnsNothingOfWhoWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		_, paid := s.fullWithList("Workshop")
		first := s.post("/acme/workshop", url.Values{"waiting_email": {"mara@example.com"}})
		var token string
		if err := d.Get(t.Context(), &token, `SELECT token FROM waiting_entries`); err != nil {
			t.Fatal(err)
		}
		again := func(when string) {
			t.Helper()
			for range 3 {
				got := s.post("/acme/workshop", url.Values{"waiting_email": {"Mara@example.com"}}, "X-Forwarded-For", "192.0.2.77")
				if got.StatusCode != first.StatusCode || strings.ReplaceAll(got.body, "Mara@", "mara@") != first.body || got.Header.Get("Location") != "" {
					t.Errorf("%s: a stranger gets %d to %q:\n%s\nwho joins gets\n%s", when, got.StatusCode, got.Header.Get("Location"), got.body, first.body)
				}
				for _, told := range []string{token, "number 1", "Joined", "Before you"} {
					if got.has(told) {
						t.Errorf("%s: a stranger is told %q", when, told)
					}
				}
			}
		}
		again("while they wait")
		if _, err := s.payments.Refund(t.Context(), s.business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.settleDue(t.Context()); err != nil {
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
		s := mustSite(t, d, "http")
		l, paid := s.fullWithList("Workshop")
		full := s.get("/acme/workshop")
		if full.StatusCode != http.StatusGone || !full.has("Payment limit reached") || !full.has(`name="waiting_email"`) || !full.has("We write to you at once to say that you are on the list") {
			t.Fatalf("%d: %s", full.StatusCode, full.body)
		}
		if wrong := s.post("/acme/workshop", url.Values{"waiting_email": {"mara@"}}); wrong.StatusCode != http.StatusUnprocessableEntity || !wrong.has(`value="mara@"`) || !wrong.has(`aria-invalid="true"`) {
			t.Errorf("a wrong address: %d %s", wrong.StatusCode, wrong.body)
		}
		place := s.wait("/acme/workshop", "mara@example.com")
		if mine := s.get(place); !mine.has("You are number 1 on the list") || !mine.has("mara@example.com") || !mine.has("I no longer want a place") {
			t.Errorf("the place in the line: %s", mine.body)
		}
		if _, err := s.payments.Refund(t.Context(), s.business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if err := s.settleDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if closed := s.get("/acme/workshop"); closed.StatusCode != http.StatusGone {
			t.Errorf("the page is open while the place is offered: %d", closed.StatusCode)
		}
		offered := s.get(place)
		page := offered.Header.Get("Location")
		if offered.StatusCode != http.StatusSeeOther || !regexp.MustCompile(`^/acme/workshop\?offer=`).MatchString(page) {
			t.Fatalf("the offer leads to %q", page)
		}
		form := s.get(page)
		if form.StatusCode != http.StatusOK || !form.has("A place came free") || !form.has(`value="mara@example.com"`) {
			t.Fatalf("the offer's page: %d %s", form.StatusCode, form.body)
		}
		if got := s.settle(s.post(page, payer()), "paid"); !got.has("Workshop") {
			t.Errorf("paid: %s", got.body)
		}
		if after := s.get(place); !after.has("You have taken your place") {
			t.Errorf("afterwards: %s", after.body)
		}
		if after := s.get(page); !after.has("You have taken your place") {
			t.Errorf("the offer's link, afterwards: %s", after.body)
		}
		if got, err := s.links.Get(t.Context(), s.business, l.ID); err != nil || got.Slots.Used != 1 || got.Slots.Held != 0 {
			t.Errorf("the slots are %+v, %v", got.Slots, err)
		}
	})
}

// Before its start a link on which others wait says when it opens, and takes who would wait
// too; a link that has ended takes nobody.
func TestAPageTakesWhoWaitsBeforeItsStartAndNotBehindItsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var list *waitinglist.List
		s := mustSiteWith(t, d, "http", func(c *public.Config) { list = c.Waiting })
		l, paid := s.fullWithList("Workshop")
		place := s.wait("/acme/workshop", "mara@example.com")
		dated := func(start, end time.Duration) {
			t.Helper()
			from, to := d.Clock().Now().Add(start), d.Clock().Now().Add(end)
			if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.StartsAt, f.EndsAt = &from, &to }); err != nil {
				t.Fatal(err)
			}
		}
		dated(time.Hour, 5*time.Hour)
		if _, err := s.payments.Refund(t.Context(), s.business.ID, paid, payment.RefundRequest{ReturnSlot: true}); err != nil {
			t.Fatal(err)
		}
		if early := s.get("/acme/workshop"); early.StatusCode != http.StatusNotFound || !early.has("Workshop opens on") || !early.has(`name="waiting_email"`) {
			t.Errorf("before the start: %d %s", early.StatusCode, early.body)
		}
		if wrong := s.post("/acme/workshop", url.Values{"waiting_email": {"mara@"}}); wrong.StatusCode != http.StatusUnprocessableEntity || !wrong.has("Workshop opens on") || !wrong.has(`value="mara@"`) {
			t.Errorf("a wrong address: %d %s", wrong.StatusCode, wrong.body)
		}
		s.wait("/acme/workshop", "ben@example.com")
		if mine := s.get(place); !mine.has("You are number 1 on the list") {
			t.Errorf("the place in the line: %s", mine.body)
		}
		d.Clock().SetOffset(2 * time.Hour)
		if err := list.EndDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		offered := s.get(place).Header.Get("Location")
		if form := s.get(offered); form.StatusCode != http.StatusOK || !form.has("A place came free") {
			t.Errorf("the offer's page: %d %s", form.StatusCode, form.body)
		}
		dated(time.Hour, 2*time.Hour)
		if early := s.get(offered); early.StatusCode != http.StatusNotFound || !early.has("Workshop opens on") {
			t.Errorf("an offer of a link that opens later: %d %s", early.StatusCode, early.body)
		}
		dated(-2*time.Hour, -time.Hour)
		for _, page := range []string{"/acme/workshop", offered} {
			if ended := s.get(page); ended.StatusCode != http.StatusNotFound || !ended.has("Workshop took payments until") || ended.has("waiting_email") {
				t.Errorf("behind the end, %s: %d %s", page, ended.StatusCode, ended.body)
			}
		}
		if late := s.post("/acme/workshop", url.Values{"waiting_email": {"late@example.com"}}); late.StatusCode != http.StatusNotFound || late.has("We have written to you") {
			t.Errorf("joining behind the end: %d %s", late.StatusCode, late.body)
		}
		full, _ := s.fullWithList("Dinner")
		l = full
		dated(-2*time.Hour, -time.Hour)
		if late := s.get("/acme/dinner"); late.StatusCode != http.StatusGone || late.has("waiting_email") {
			t.Errorf("a full link that has ended: %d %s", late.StatusCode, late.body)
		}
	})
}

// The page of the mail's link changes how many are waited for. What can't be is told, with
// what was typed.
func TestThePlacesThatAreWaitedForAreChangedOnTheirPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Tickets", Path: "tickets", Checkout: units(1, 4), Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}, WaitingList: true})
		s.settle(s.post("/acme/tickets", url.Values{"name": {"Jonas"}, "email": {"jonas@example.se"}, "quantity": {"3"}, "total": {"267.00"}}), "paid")
		place := s.wait("/acme/tickets", "mara@example.com")
		if got := s.get(place); !got.has(`name="waiting_quantity"`) || !got.has(`value="1"`) || !got.has(place+"/quantity") {
			t.Fatalf("the page: %d %s", got.StatusCode, shown(got))
		}
		if got := s.post(place+"/quantity", url.Values{"waiting_quantity": {"٩"}}); got.StatusCode != http.StatusUnprocessableEntity || !got.has("Enter a number from 1 to 3.") || !got.has(`value="٩"`) {
			t.Errorf("too many: %d %s", got.StatusCode, shown(got))
		}
		if got := s.post(place+"/quantity", url.Values{"waiting_quantity": {" 2 "}}); got.StatusCode != http.StatusSeeOther || s.path(got.Header.Get("Location")) != place {
			t.Errorf("two: %d to %q", got.StatusCode, got.Header.Get("Location"))
		}
		if got := s.get(place); !got.has(`value="2"`) || !got.has("You are number 1 on the list") {
			t.Errorf("then: %d %s", got.StatusCode, shown(got))
		}
		if got := s.post(place, nil); got.StatusCode != http.StatusOK {
			t.Errorf("leaving: %d", got.StatusCode)
		}
		if got := s.post(place+"/quantity", url.Values{"waiting_quantity": {"3"}}); got.StatusCode != http.StatusSeeOther {
			t.Errorf("who has left: %d %s", got.StatusCode, shown(got))
		}
		if got := s.get(place); !got.has("You are off the list") || got.has(`name="waiting_quantity"`) {
			t.Errorf("who has left sees %s", shown(got))
		}
	})
}

// One more place, for a friend: the browser that has paid shows the offer, not the receipt.
// Who waited for three is not sold one because that is what the form begins with.
func TestTheFormOfAnOfferBeginsWithWhatWasWaitedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Tickets", Checkout: units(1, 4), Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units}, WaitingList: true})
		s.settle(s.post("/acme/tickets", url.Values{"name": {"Jonas"}, "email": {"jonas@example.se"}, "quantity": {"3"}, "total": {"267.00"}}), "paid")
		if joined := s.post("/acme/tickets", url.Values{"waiting_email": {"mara@example.com"}, "waiting_quantity": {"3"}}); !joined.has("We have written to you") {
			t.Fatalf("joining: %d %s", joined.StatusCode, joined.body)
		}
		if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.Limit.Max = 6 }); err != nil {
			t.Fatal(err)
		}
		var token string
		if err := d.Get(t.Context(), &token, `SELECT token FROM waiting_entries WHERE state = 'offered'`); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{"": "3", "&quantity=2": "2"} {
			if got := s.get("/acme/tickets?offer=" + token + query); !got.has("A place came free") || !got.has(`name="quantity" value="`+want+`"`) {
				t.Errorf("%q: %d %s", query, got.StatusCode, got.body)
			}
		}
		if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.Checkout = units(1, 2) }); err != nil {
			t.Fatal(err)
		}
		if got := s.get("/acme/tickets?offer=" + token); !got.has(`name="quantity" value="2"`) {
			t.Errorf("more than a payment still buys: %d %s", got.StatusCode, got.body)
		}
	})
}

func TestWhoHasPaidTakesAnOfferedPlaceToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Multiple, Max: 1}, WaitingList: true})
		b := s.browser()
		b.end("/acme/workshop", "paid")
		place := s.wait("/acme/workshop", "friend@example.com")
		if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.Limit.Max = 2 }); err != nil {
			t.Fatal(err)
		}
		offer := b.get(place).Header.Get("Location")
		form := b.get(offer)
		if form.StatusCode != http.StatusOK || !form.has("A place came free") || !form.has(`value="friend@example.com"`) || !form.has(place+"/leave") {
			t.Fatalf("the offer's page: %d %s", form.StatusCode, form.body)
		}
		more := payer()
		more.Set("once_more", form.hidden("once_more"))
		s.settle(b.post(offer, more), "paid")
		if got, err := s.links.Get(t.Context(), s.business, l.ID); err != nil || got.Slots.Used != 2 || got.Slots.Held != 0 {
			t.Errorf("the slots are %+v, %v", got.Slots, err)
		}
		if got := b.get("/acme/workshop"); !got.has("TEST-") {
			t.Errorf("without an offer they read of their payment: %s", got.body)
		}
	})
}

func TestNobodyLeavesAListByAGet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		next := s.mustLink(link.Fields{Name: "April"})
		s.fullWithList("March", func(f *link.Fields) { f.WhenClosed.Next = next.ID })
		place := s.wait("/acme/march", "mara@example.com")
		for range 2 {
			if got := s.get(place); !got.has("You are number 1") || !got.has(`href="/acme/april"`) {
				t.Fatalf("the place is lost: %s", got.body)
			}
		}
		if left := s.post(place, url.Values{}); !left.has("You are off the list") {
			t.Errorf("leaving: %d %s", left.StatusCode, left.body)
		}
		if got := s.get("/waiting/" + strings.Repeat("x", 43)); got.StatusCode != http.StatusNotFound {
			t.Errorf("a guessed token: %d", got.StatusCode)
		}
	})
}

func TestWhoFindsTheLastPlaceHeldCanWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Last", Limit: link.Limit{Kind: link.Once}, WaitingList: true})
		held := s.post("/acme/last", payer())
		other := s.post("/acme/last", url.Values{"name": {"Ben"}, "email": {"ben@example.com"}})
		if other.StatusCode != http.StatusConflict || !other.has(`name="waiting_email"`) {
			t.Fatalf("%d: %s", other.StatusCode, other.body)
		}
		place := s.wait("/acme/last", "ben@example.com")
		s.settle(held, "failed")
		if offered := s.get(place); offered.StatusCode != http.StatusSeeOther {
			t.Errorf("the place that came free is not offered: %d %s", offered.StatusCode, offered.body)
		}
	})
}
