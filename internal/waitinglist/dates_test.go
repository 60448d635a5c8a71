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
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/product"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/waitinglist"
)

// in is an instant after the test began.
func (w *world) in(hours int) *time.Time {
	at := dbtest.Start.Add(time.Duration(hours) * time.Hour)
	return &at
}

func (w *world) edit(change func(*link.Fields)) {
	w.Helper()
	if _, err := w.Links.Edit(w.Context(), w.acme, w.link.ID, 0, change); err != nil {
		w.Fatal(err)
	}
}

// at moves the clock so many hours after the beginning, and does what is due then.
func (w *world) at(hours int, by ...*system.System) {
	w.Helper()
	w.d.Clock().SetOffset(time.Duration(hours) * time.Hour)
	done := make(chan error)
	by = append(by, w.System)
	for _, s := range by {
		go func() { done <- s.Due(w.Context()) }()
	}
	for range by {
		if err := <-done; err != nil {
			w.Fatal(err)
		}
	}
}

// Who waits for more or fewer places than a payment buys by now is offered what it buys.
func TestWhoWaitsIsOfferedWhatCanBeBought(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 4)
		w.edit(func(f *link.Fields) {
			f.Limit.Counts, f.Checkout.Quantity = link.Units, &checkout.Quantity{Min: 1, Max: 4}
		})
		paid := []attempt.Attempt{w.pay("a@example.com", ""), w.pay("b@example.com", ""), w.pay("c@example.com", ""), w.pay("d@example.com", "")}
		anna := w.join("anna@example.com")
		ben, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "ben@example.com", "en", 4)
		if err != nil {
			t.Fatal(err)
		}
		w.edit(func(f *link.Fields) { f.Checkout.Quantity = &checkout.Quantity{Min: 2, Max: 2} })
		w.refund(paid[0])
		w.wants(anna, waitinglist.Waiting) // one place is no use to her
		w.refund(paid[1])
		w.wants(anna, waitinglist.Offered)
		w.wants(ben, waitinglist.Waiting)
		w.refund(paid[2])
		w.refund(paid[3])
		w.wants(ben, waitinglist.Offered)
		if a, b := w.entry(anna).Quantity, w.entry(ben).Quantity; a != 2 || b != 2 {
			t.Errorf("they are offered %d and %d places, want 2 and 2", a, b)
		}
		w.whole()
	})
}

// Places that come free before a link starts are offered when it does, in order, once each,
// whoever of several servers looks first; before, nobody could take an offer.
func TestPlacesAreOfferedWhenALinkStarts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 3)
		other := systemtest.New(t, d)
		w.edit(func(f *link.Fields) {
			f.Limit.Counts, f.Checkout.Quantity = link.Units, &checkout.Quantity{Min: 1, Max: 3}
		})
		first, second := w.pay("a@example.com", ""), w.pay("b@example.com", "")
		w.pay("c@example.com", "")
		cy, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "cy@example.com", "en", 3)
		if err != nil {
			t.Fatal(err)
		}
		anna := w.join("anna@example.com")
		w.edit(func(f *link.Fields) { f.StartsAt = w.in(48) })
		ben, dee := w.join("ben@example.com"), w.join("dee@example.com") // the link begins later, and they would have to wait then
		w.refund(first)
		w.refund(second)
		entries := []waitinglist.Entry{cy, anna, ben, dee}
		for _, hours := range []int{1, 47} {
			w.at(hours, other)
			for _, e := range entries {
				w.wants(e, waitinglist.Waiting)
			}
			if _, err := w.Waiting.OfferNow(t.Context(), w.acme, anna.ID); !fault.Is(err, fault.Conflict) {
				t.Errorf("offered by hand while nobody could pay: %v", err)
			}
		}
		w.edit(func(f *link.Fields) { f.StartsAt = w.in(96) })
		w.at(72, other) // when it was to start at first
		w.wants(anna, waitinglist.Waiting)
		for range 2 {
			w.at(97, other)
			w.wants(cy, waitinglist.Waiting) // wants more than there are
			w.wants(anna, waitinglist.Offered)
			w.wants(ben, waitinglist.Offered)
			w.wants(dee, waitinglist.Waiting)
			w.whole()
		}
		if n := w.mails(message.KindWaitingOffered); n != 2 {
			t.Errorf("%d offers were mailed", n)
		}
		w.pay("anna@example.com", anna.Token)
		w.whole()
	})
}

// A start that passed while no server ran, or the link was off, is made up for.
func TestAMissedStartIsMadeUpFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		anna := w.join("anna@example.com")
		w.edit(func(f *link.Fields) { f.StartsAt = w.in(48) })
		w.refund(paid)
		w.edit(func(f *link.Fields) { f.Active = false })
		w.at(500)
		w.wants(anna, waitinglist.Waiting)
		w.edit(func(f *link.Fields) { f.Active = true })
		w.wants(anna, waitinglist.Offered)
		w.whole()
		o := w.second()
		taken := o.pay("a@example.com", "")
		ben := o.join("ben@example.com")
		o.edit(func(f *link.Fields) { f.StartsAt = w.in(600) })
		o.refund(taken)
		w.at(2000)
		w.wants(ben, waitinglist.Offered)
		o.whole()
	})
}

// A list ends with its link at that instant: nobody joins it, nothing is offered that could
// not be paid, and an offer is none beyond it.
func TestAListEndsAtTheLinksEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 2)
		first, second := w.pay("a@example.com", ""), w.pay("b@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		w.edit(func(f *link.Fields) { f.EndsAt = w.in(10) })
		w.refund(first)
		if got := w.entry(anna); got.State != waitinglist.Offered || got.OfferedUntil == nil || !got.OfferedUntil.Equal(*w.in(10)) {
			t.Errorf("an offer of a link that ends sooner is %+v", got)
		}
		d.Clock().SetOffset(11 * time.Hour)
		if l, err := w.Links.Get(t.Context(), w.acme, w.link.ID); err != nil || l.State(d.Clock().Now()) != link.Ended {
			t.Errorf("behind its end the link is %s, %v", l.State(d.Clock().Now()), err)
		}
		if _, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "late@example.com", "en", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody joins the list of a link that has ended: %v", err)
		}
		w.refund(second)
		w.wants(ben, waitinglist.Waiting)
		w.at(11)
		w.wants(anna, waitinglist.Ended)
		w.wants(ben, waitinglist.Ended)
		if n := w.mails(message.KindWaitingOffered); n != 1 {
			t.Errorf("%d offers were mailed", n)
		}
	})
}

// An offer that ends while its link takes no payments could not be taken: who had it waits
// again where they were.
func TestAnOfferThatCouldNotBeTakenWaitsAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, close := range map[string]func(*world, *link.Fields){
			"starts later": func(w *world, f *link.Fields) { f.StartsAt = w.in(100) },
			"switched off": func(_ *world, f *link.Fields) { f.Active = false },
		} {
			t.Run(name, func(t *testing.T) {
				d.Clock().SetOffset(0)
				w := mustWorldNamed(t, d, strings.ReplaceAll(name, " ", "-"), 1)
				paid := w.pay("a@example.com", "")
				anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
				w.refund(paid)
				w.edit(func(f *link.Fields) { close(w, f) })
				w.at(50)
				w.wants(anna, waitinglist.Waiting)
				w.wants(ben, waitinglist.Waiting)
				w.at(101)
				w.edit(func(f *link.Fields) { f.Active = true })
				w.wants(anna, waitinglist.Offered)
				w.wants(ben, waitinglist.Waiting)
				w.pay("anna@example.com", anna.Token)
				w.whole()
			})
		}
	})
}

// Nobody can pay while the product of a link is not for sale: no place is offered then, and
// nobody joins; what came free meanwhile is offered when it is for sale again.
func TestPlacesWaitWhileTheProductIsNotForSale(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 2)
		p, err := w.Products.Create(t.Context(), w.acme, product.Fields{Name: "Print", Price: money.Amount{Minor: 8900, Currency: "EUR"}, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		sell := func(on bool) {
			t.Helper()
			if _, err := w.Products.Edit(t.Context(), w.acme.ID, p.ID, 0, func(f *product.Fields) { f.Active = on }); err != nil {
				t.Fatal(err)
			}
		}
		w.edit(func(f *link.Fields) { f.Type, f.ProductID, f.Amount = link.Product, p.ID, nil })
		first, second := w.pay("a@example.com", ""), w.pay("b@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		w.refund(first)
		w.wants(anna, waitinglist.Offered)
		sell(false)
		w.refund(second)
		w.wants(ben, waitinglist.Waiting)
		if _, err := w.Waiting.OfferNow(t.Context(), w.acme, ben.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("offered by hand while nobody could pay: %v", err)
		}
		if _, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "late@example.com", "en", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody joins while nobody could pay: %v", err)
		}
		w.at(50)
		w.wants(anna, waitinglist.Waiting)
		sell(true)
		w.wants(anna, waitinglist.Offered)
		w.wants(ben, waitinglist.Offered)
		w.pay("anna@example.com", anna.Token)
		w.whole()
	})
}

// Before its start nobody waits for a link whose places are free.
func TestNobodyWaitsForALinkThatWillHaveRoom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		w.edit(func(f *link.Fields) { f.StartsAt = w.in(48) })
		if _, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, "anna@example.com", "en", 1); !fault.Is(err, fault.NotFound) || errors.Is(err, waitinglist.ErrFree) {
			t.Errorf("joined: %v", err)
		}
	})
}

// An offer ends with its link: whose end was set earlier, behind the back of an offer, leaves
// nobody with a time at which they can't pay.
func TestAnOfferEndsWithALinkWhoseEndComesEarlier(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		anna := w.join("anna@example.com")
		w.refund(paid)
		w.wants(anna, waitinglist.Offered)
		w.edit(func(f *link.Fields) { f.EndsAt = w.in(72) })
		if until := w.entry(anna).OfferedUntil; until == nil || !until.Equal(*w.in(24)) {
			t.Errorf("a later end moves the offer to %v", until)
		}
		w.edit(func(f *link.Fields) { f.EndsAt = w.in(5) })
		if e := w.entry(anna); e.OfferedUntil == nil || !e.OfferedUntil.Equal(*w.in(5)) || !e.Valid(*w.in(4)) || e.Valid(*w.in(5)) {
			t.Errorf("the link ends at %v, her offer at %v", w.in(5), e.OfferedUntil)
		}
		w.edit(func(f *link.Fields) { f.EndsAt = w.in(10) })
		if until := w.entry(anna).OfferedUntil; until == nil || !until.Equal(*w.in(5)) {
			t.Errorf("put off again, the offer ends at %v", until)
		}
		w.edit(func(f *link.Fields) { f.EndsAt = w.in(5) })
		w.at(5)
		w.wants(anna, waitinglist.Ended)
		w.whole()
	})
}
