package waitinglist_test

import (
	"context"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/waitinglist"
)

// second is the same business with another link of one place.
func (w *world) second() *world {
	w.Helper()
	other := *w
	var err error
	if other.link, err = w.Links.Create(w.Context(), w.acme, link.Fields{
		Name: "Dinner", Active: true, Amount: &money.Amount{Minor: 4900, Currency: "EUR"}, Limit: link.Limit{Kind: link.Multiple, Max: 1}, WaitingList: true,
	}); err != nil {
		w.Fatal(err)
	}
	other.n = 1000 // other visits
	return &other
}

// letter is the last mail to somebody that has the words.
func (w *world) letter(to, words string) (plain string) {
	w.Helper()
	if err := w.Messages.SendDue(w.Context()); err != nil {
		w.Fatal(err)
	}
	if err := w.d.Get(w.Context(), &plain, `SELECT plain FROM mailbox WHERE recipient LIKE $1 AND plain LIKE $2 ORDER BY at DESC, id DESC LIMIT 1`, "%"+to+"%", "%"+words+"%"); err != nil {
		w.Fatalf("%s got no mail with %q: %v", to, words, err)
	}
	return plain
}

// Who waits for two links waits for each by itself.
func TestListsOfTwoLinksAreNothingOfEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		o := w.second()
		first, second := w.pay("a@example.com", ""), o.pay("b@example.com", "")
		var joined []waitinglist.Entry
		w.Waiting.OnJoined(func(_ context.Context, _ *db.Tx, e waitinglist.Entry) error {
			joined = append(joined, e)
			return nil
		})
		w.knows("anna@example.com")
		anna, other, ben := w.join("anna@example.com"), o.join("anna@example.com"), w.join("ben@example.com")
		if anna.ID == other.ID || anna.Number != 1 || other.Number != 1 || ben.Number != 2 || len(joined) != 3 || joined[2].ID != ben.ID {
			t.Errorf("they stand %+v, %+v, %+v; told %d times", anna, other, ben, len(joined))
		}
		if n, err := w.Waiting.Before(t.Context(), ben); err != nil || n != 1 {
			t.Errorf("%d wait before the second, %v", n, err)
		}
		if n, err := w.Waiting.CountWaiting(t.Context(), w.acme, w.link.ID); err != nil || n != 2 {
			t.Errorf("%d wait, %v", n, err)
		}
		if said := w.letter("anna@example.com", "Workshop"); !strings.Contains(said, "24 hours") || !strings.Contains(said, "Test:") || !strings.Contains(said, anna.Token) {
			t.Errorf("who joins reads %s", said)
		}
		w.refund(first)
		w.wants(anna, waitinglist.Offered)
		w.wants(other, waitinglist.Waiting)
		w.wants(ben, waitinglist.Waiting)
		if said := w.letter("anna@example.com", "offer="); !strings.Contains(said, "offer="+anna.Token) || !strings.Contains(said, "Workshop") {
			t.Errorf("who is offered a place reads %s", said)
		}
		if all, err := w.Waiting.Of(t.Context(), w.acme, w.link.ID); err != nil || len(all) != 2 || all[0].ID != anna.ID || all[1].ID != ben.ID {
			t.Errorf("listed are %+v, %v", all, err)
		}
		if got, err := w.Waiting.Figures(t.Context(), w.acme, w.link.ID); err != nil || got[waitinglist.Waiting] != (waitinglist.Count{Entries: 1, Places: 1}) || got[waitinglist.Offered] != (waitinglist.Count{Entries: 1, Places: 1}) {
			t.Errorf("the figures are %+v, %v", got, err)
		}
		if _, err := o.start("anna@example.com", anna.Token); !taken(err) {
			t.Errorf("an offer of another link is taken: %v", err)
		}
		w.pay("anna@example.com", anna.Token)
		w.wants(anna, waitinglist.Taken)
		w.wants(other, waitinglist.Waiting)
		o.refund(second)
		w.wants(other, waitinglist.Offered)
		a, err := o.start("anna@example.com", other.Token)
		if err != nil {
			t.Fatal(err)
		}
		o.end(a, sandbox.Canceled)
		w.wants(other, waitinglist.Offered)
		w.wants(anna, waitinglist.Taken)
		o.limit(link.Limit{Kind: link.Unlimited})
		w.wants(other, waitinglist.Ended)
		w.wants(ben, waitinglist.Waiting)
		w.whole()
		if err := w.Waiting.Remove(t.Context(), w.acme, ben.ID); err != nil {
			t.Fatal(err)
		}
		w.wants(ben, waitinglist.Ended)
		if err := w.Waiting.Remove(t.Context(), w.acme, ben.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("removed twice: %v", err)
		}
		w.whole()
	})
}

// A place goes past who can't be written to any more, to who left and is wanted back, and
// an erased customer is on no list.
func TestAPlaceGoesToWhoCanHearOfIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		anna, ben, cy := w.join("anna@example.com"), w.join("ben@example.com"), w.join("cy@example.com")
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return w.Deliveries.WriteOff(t.Context(), tx, w.acme.ID, delivery.Suppression{Channel: message.ByEmail, Address: "Anna@example.com", Cause: delivery.CauseBounce})
		}); err != nil {
			t.Fatal(err)
		}
		if e, err := w.Waiting.Leave(t.Context(), ben.Token); err != nil || e.State != waitinglist.Declined {
			t.Errorf("who leaves is %+v, %v", e, err)
		}
		w.refund(paid)
		w.wants(anna, waitinglist.Ended)
		w.wants(ben, waitinglist.Declined)
		w.wants(cy, waitinglist.Offered)
		w.whole()
		if _, err := w.Waiting.OfferNow(t.Context(), w.acme, cy.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("offered twice: %v", err)
		}
		w.limit(link.Limit{Kind: link.Multiple, Max: 2})
		if _, err := w.Waiting.OfferNow(t.Context(), w.acme, anna.ID); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "No email may go") {
			t.Errorf("who can't be written to is offered a place: %v", err)
		}
		w.wants(anna, waitinglist.Ended)
		if e, err := w.Waiting.OfferNow(t.Context(), w.acme, ben.ID); err != nil || e.State != waitinglist.Offered || e.OfferedUntil == nil {
			t.Errorf("who left is offered a place: %+v, %v", e, err)
		}
		w.whole()
		if err := w.Waiting.Remove(t.Context(), w.acme, ben.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Waiting.Remove(t.Context(), w.acme, cy.ID); err != nil {
			t.Fatal(err)
		}
		off := false
		if _, err := w.Links.Edit(t.Context(), w.acme, w.link.ID, 0, func(f *link.Fields) { f.Active = off }); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Waiting.OfferNow(t.Context(), w.acme, ben.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("offered while nobody could pay: %v", err)
		}
		w.wants(ben, waitinglist.Ended)
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return w.Waiting.EraseCustomer(t.Context(), tx, w.acme.ID, customer.Customer{Fields: customer.Fields{Email: "Cy@example.com"}})
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Waiting.ByToken(t.Context(), cy.Token); !fault.Is(err, fault.NotFound) {
			t.Errorf("an erased customer is on the list: %v", err)
		}
		if e, err := w.Waiting.ByToken(t.Context(), ben.Token); err != nil || e.ID != ben.ID {
			t.Errorf("the others are not: %+v, %v", e, err)
		}
		w.whole()
	})
}

// Who had all mails of the day can't be told of a place: it goes to the next, and to them
// from the next day on, where they are. A place is never kept for who doesn't know of it.
func TestAPlaceIsKeptForNobodyWhoCannotBeTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 2)
		first, second := w.pay("a@example.com", ""), w.pay("b@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		for range 2 { // the second and third mail to her
			o := w.second()
			o.pay("c@example.com", "")
			o.join("anna@example.com")
		}
		w.refund(first)
		w.wants(anna, waitinglist.Waiting)
		w.wants(ben, waitinglist.Offered)
		w.refund(second)
		w.wants(anna, waitinglist.Waiting)
		if _, err := w.Waiting.OfferNow(t.Context(), w.acme, anna.ID); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "tomorrow") {
			t.Errorf("a place is offered to who can't be told: %v", err)
		}
		if w.status() != link.LimitReached {
			t.Errorf("the page is open to others while somebody waits: %s", w.status())
		}
		w.edit(func(f *link.Fields) { f.Name = "Workshop at night" }) // serves the list again
		w.at(24)
		w.wants(anna, waitinglist.Offered)
		if n := w.mails(message.KindWaitingOffered); n != 2 {
			t.Errorf("%d mails of offers, want 2", n)
		}
		w.pay("anna@example.com", anna.Token)
		w.whole()
	})
}
