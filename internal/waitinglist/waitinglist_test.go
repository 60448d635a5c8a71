package waitinglist_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/waitinglist"
)

func TestAPlaceThatComesFreeIsOfferedInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 2)
		if _, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "early@example.com", "en", 1); !errors.Is(err, waitinglist.ErrFree) {
			t.Fatalf("who need not wait joins: %v", err)
		}
		first := w.pay("a@example.com", "")
		w.pay("b@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		if again := w.join("ANNA@example.com"); again.ID != anna.ID {
			t.Errorf("one address has two entries: %+v", again)
		}
		w.refund(first)
		w.wants(anna, waitinglist.Offered)
		w.wants(ben, waitinglist.Waiting)
		w.whole()
		if got := w.status(); got != link.LimitReached {
			t.Errorf("while a place is offered the page is %s", got)
		}
		if _, err := w.start("stranger@example.com", ""); !taken(err) {
			t.Errorf("a stranger takes the offered place: %v", err)
		}
		if _, err := w.start("ben@example.com", w.entry(ben).Token); !taken(err) {
			t.Errorf("who has no offer takes it: %v", err)
		}
		w.pay("anna@example.com", w.entry(anna).Token)
		w.wants(anna, waitinglist.Taken)
		w.whole()
		if _, err := w.start("anna@example.com", w.entry(anna).Token); !taken(err) {
			t.Errorf("an offer is taken twice: %v", err)
		}
		if n := w.mails(message.KindWaitingOffered); n != 1 {
			t.Errorf("%d offers were mailed", n)
		}
	})
}

func TestAnOfferEndsAndGoesToTheNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		anna, ben, cy := w.join("anna@example.com"), w.join("ben@example.com"), w.join("cy@example.com")
		w.refund(paid)
		d.Clock().SetOffset(25 * time.Hour)
		if _, err := w.start("anna@example.com", w.entry(anna).Token); !taken(err) {
			t.Errorf("an offer is taken behind its time: %v", err)
		}
		if err := w.Waiting.EndDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.wants(anna, waitinglist.Ended)
		w.wants(ben, waitinglist.Offered)
		if e, err := w.Waiting.Leave(t.Context(), ben.Token); err != nil || e.State != waitinglist.Declined {
			t.Errorf("declined: %+v, %v", e, err)
		}
		w.wants(cy, waitinglist.Offered)
		w.whole()
		dee := w.join("dee@example.com")
		until := *w.entry(cy).OfferedUntil
		for _, outcome := range []sandbox.Outcome{sandbox.Failed, sandbox.Canceled} { // the slot is theirs again
			a, err := w.start("cy@example.com", w.entry(cy).Token)
			if err != nil {
				t.Fatal(err)
			}
			w.join("cy@example.com") // whoever types their address: they keep their slot
			w.end(a, outcome)
			if got := w.entry(cy); got.State != waitinglist.Offered || got.OfferedUntil == nil || !got.OfferedUntil.Equal(until) {
				t.Errorf("after a checkout that %s: %+v", outcome, got)
			}
			w.wants(dee, waitinglist.Waiting)
			w.whole()
		}
		a, err := w.start("cy@example.com", w.entry(cy).Token)
		if err != nil {
			t.Fatal(err)
		}
		d.Clock().SetOffset(50 * time.Hour) // behind the offer's end
		w.end(a, sandbox.Failed)
		w.wants(cy, waitinglist.Ended)
		w.wants(dee, waitinglist.Offered)
		w.whole()
	})
}

func TestLateMoneyFindsThePlaceThatItsOwnEndGaveBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		w.refund(paid)
		a, err := w.start("another@example.com", w.entry(anna).Token) // they pay by another address
		if err != nil {
			t.Fatal(err)
		}
		w.end(a, sandbox.Expired)
		w.wants(anna, waitinglist.Offered)
		w.end(a, sandbox.Paid)
		w.wants(anna, waitinglist.Taken)
		w.wants(ben, waitinglist.Waiting)
		if w.whole(); !w.accepted(a) {
			t.Error("the money goes back while its place is kept")
		}
	})
}

func TestAChangedMindAtTheCheckoutKeepsTheOffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		anna := w.join("anna@example.com")
		w.refund(paid)
		if _, err := w.start("anna@example.com", w.entry(anna).Token); err != nil {
			t.Fatal(err)
		}
		w.n-- // the same visit pays by another address, which replaces the first attempt
		second, err := w.start("work@example.com", "")
		if err != nil {
			t.Fatal(err)
		}
		w.wants(anna, waitinglist.Taken)
		w.whole()
		w.end(second, sandbox.Failed)
		w.wants(anna, waitinglist.Offered)
		w.whole()
	})
}

func TestARaisedLimitServesTheListFirstAndNoLimitTellsAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		w.pay("a@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		if _, err := w.Waiting.OfferNow(t.Context(), w.acme, ben.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("a place that is not free is offered: %v", err)
		}
		w.limit(link.Limit{Kind: link.Multiple, Max: 2})
		w.wants(anna, waitinglist.Offered)
		w.wants(ben, waitinglist.Waiting)
		w.whole()
		w.limit(link.Limit{Kind: link.Unlimited})
		w.wants(anna, waitinglist.Ended)
		w.wants(ben, waitinglist.Ended)
		w.whole()
		if n := w.mails(message.KindWaitingOpen); n != 2 || w.status() != link.Active {
			t.Errorf("%d are told, the link is %s", n, w.status())
		}
	})
}

// Who joins once more is written to once more, once a day, and so is who has an offer.
func TestWhoJoinsAgainIsWrittenToOnceADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		for i, want := range []int64{1, 2, 2, 3, 3} {
			if i == 3 {
				d.Clock().SetOffset(d.Clock().Offset() + 24*time.Hour)
			}
			w.join("anna@example.com")
			if n := w.mails(message.KindWaitingJoined); int64(n) != want {
				t.Errorf("after joining %d times %d mails went out, not %d", i+1, n, want)
			}
		}
		w.refund(paid)
		for _, want := range []int64{2, 2} {
			w.join("anna@example.com")
			if n := w.mails(message.KindWaitingOffered); int64(n) != want {
				t.Errorf("%d mails tell of the offer, not %d", n, want)
			}
		}
	})
}

// Whoever types an address that waits changes nothing: it may be a stranger. Who has the mail
// changes how many they wait for, where they were. What is on offer stays.
func TestWhoHasTheMailChangesHowManyTheyWaitFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 3)
		w.edit(func(f *link.Fields) {
			f.Limit.Counts, f.Checkout.Quantity = link.Units, &checkout.Quantity{Min: 1, Max: 3}
		})
		first, second := w.pay("a@example.com", ""), w.pay("b@example.com", "")
		w.pay("c@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		if e, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "Anna@example.com", "en", 3); err != nil || e.ID != anna.ID || e.Quantity != 1 || e.Number != anna.Number {
			t.Errorf("a stranger made it %+v, %v", e, err)
		}
		if n := w.mails(message.KindWaitingJoined); n != 3 {
			t.Errorf("%d mails tell who is on the list, not 3", n)
		}
		change := func(quantity int64) (waitinglist.Entry, error) {
			return w.Waiting.ChangeQuantity(t.Context(), anna.Token, quantity)
		}
		if e, err := change(3); err != nil || e.ID != anna.ID || e.Quantity != 3 || e.Number != anna.Number || e.State != waitinglist.Waiting {
			t.Errorf("who wants three now is %+v, %v", e, err)
		}
		for _, quantity := range []int64{-1, 0, 4} {
			if _, err := change(quantity); !fault.Is(err, fault.Invalid) {
				t.Errorf("%d places: %v", quantity, err)
			}
		}
		if _, err := w.Waiting.ChangeQuantity(t.Context(), "nobody's", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("by another token: %v", err)
		}
		w.refund(first)
		w.wants(anna, waitinglist.Waiting)
		w.wants(ben, waitinglist.Offered)
		w.refund(second)
		w.wants(anna, waitinglist.Waiting)
		if e, err := change(1); err != nil || e.State != waitinglist.Offered || e.Quantity != 1 {
			t.Errorf("who wants but one, which is free, is %+v, %v", e, err)
		}
		if _, err := change(2); !fault.Is(err, fault.Conflict) {
			t.Errorf("an offer of one: %v", err)
		}
		if e, err := w.Waiting.ByToken(t.Context(), anna.Token); err != nil || e.State != waitinglist.Offered || e.Quantity != 1 {
			t.Errorf("an offer of one became %+v, %v", e, err)
		}
		w.whole()
	})
}

// Nobody waits for more than they could ever get, or for something that is not asked; what
// they can choose is said.
func TestNobodyWaitsForWhatTheyCanNotGet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 5)
		if _, err := w.Links.Edit(t.Context(), w.acme, w.link.ID, 0, func(f *link.Fields) {
			f.Limit = link.Limit{Kind: link.Multiple, Max: 5, Counts: link.Units}
			f.Checkout.Quantity = &checkout.Quantity{Min: 2, Max: 9}
		}); err != nil {
			t.Fatal(err)
		}
		for quantity, want := range map[int64]string{0: "from 1 to 100", 101: "from 1 to 100", 1: "from 2 to 5", 6: "from 2 to 5", 100: "from 2 to 5"} {
			if _, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "anna@example.com", "en", quantity); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%d: %v", quantity, err)
			}
		}
		for quantity := range int64(6) {
			if _, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "anna@example.com", "en", quantity); quantity >= 2 && !errors.Is(err, waitinglist.ErrFree) {
				t.Errorf("%d are free: %v", quantity, err)
			}
		}
		if _, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "anna", "en", 0); err == nil || len(fault.Of(err).Fields) != 2 {
			t.Errorf("what is wrong is not all told: %v", err)
		}
		if !checkout.IsTaken(waitinglist.OfferParameter) {
			t.Error("a question may have the name by which offers come")
		}
	})
}

func (w *world) limit(l link.Limit) {
	w.Helper()
	if _, err := w.Links.Edit(w.Context(), w.acme, w.link.ID, 0, func(f *link.Fields) { f.Limit = l }); err != nil {
		w.Fatal(err)
	}
}

func TestTheListEndsWithTheLinkAndWithWhoPays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 2)
		first := w.pay("a@example.com", "")
		held, err := w.start("b@example.com", "")
		if err != nil {
			t.Fatal(err)
		}
		b := w.join("b@example.com") // who pays already
		w.end(held, sandbox.Paid)
		w.wants(b, waitinglist.Taken)
		anna := w.join("anna@example.com")
		w.refund(first)
		ben := w.join("ben@example.com")
		if err := w.Links.Delete(t.Context(), w.acme, w.link.ID); err != nil {
			t.Fatal(err)
		}
		w.wants(anna, waitinglist.Ended)
		w.wants(ben, waitinglist.Ended)
		w.whole()
		d.Clock().SetOffset(31 * 24 * time.Hour)
		if err := w.Waiting.DeleteOld(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Waiting.Get(t.Context(), d, w.acme.ID, anna.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("kept beyond thirty days: %v", err)
		}
	})
}
