package link_test

import (
	"fmt"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

func leadingTo(name string, next link.ID) link.Fields {
	f := draft(name)
	f.WhenClosed.Next = next
	return f
}

func TestAClosedLinkLeadsToTheFirstThatTakesPayments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		last := w.make(t, draft("Last"))
		gone := w.make(t, leadingTo("Gone", last.ID))
		off := w.make(t, leadingTo("Off", gone.ID))
		first := w.make(t, leadingTo("First", off.ID))
		leads := func() link.Lead {
			t.Helper()
			lead, err := w.LeadsTo(t.Context(), w.b, w.get(t, first.ID), d.Clock().Now())
			if err != nil {
				t.Fatal(err)
			}
			return lead
		}
		if got := leads(); got.Link == nil || got.Link.ID != off.ID {
			t.Errorf("while the next is open it leads to %+v", got)
		}
		w.patch(t, off.ID, func(f *link.Fields) { f.Active = false })
		if err := w.Delete(t.Context(), w.b, gone.ID); err != nil {
			t.Fatal(err)
		}
		if got := leads(); got.Link == nil || got.Link.ID != last.ID {
			t.Errorf("links that are off and deleted don't hand on: %+v", got)
		}
		w.patch(t, off.ID, func(f *link.Fields) { f.Description = "another" }) // the deleted next may stay
		w.patch(t, last.ID, func(f *link.Fields) { f.Active = false })
		if got := leads(); got != (link.Lead{}) {
			t.Errorf("with nothing open it leads to %+v", got)
		}
		w.patch(t, last.ID, func(f *link.Fields) { f.WhenClosed.URL = "https://example.com/more" })
		if got := leads(); got.URL != "https://example.com/more" {
			t.Errorf("the address at the end is %+v", got)
		}
		copied, err := w.Duplicate(t.Context(), w.b, off.ID)
		if err != nil || copied.WhenClosed.Next != "" {
			t.Errorf("a copy leads to what was deleted: %v, %v", copied.WhenClosed, err)
		}
	})
}

func TestChainsOfLinksAreShortAndDoNotCloseInACircle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		chain := []link.Link{w.make(t, draft("0"))}
		for i := range link.MaxHops {
			chain = append(chain, w.make(t, leadingTo(fmt.Sprint("Link ", i+1), chain[i].ID)))
		}
		longest := chain[link.MaxHops]
		refused := func(code string, err error) {
			t.Helper()
			var got string
			if of := fault.Of(err); of != nil && len(of.Fields) > 0 {
				got = of.Fields[0].Name + " " + of.Fields[0].Code
			}
			if got != "when_closed.next "+code && got != code {
				t.Errorf("got %q, want %q (%v)", got, code, err)
			}
		}
		_, err := w.Create(t.Context(), w.b, leadingTo("Too long", longest.ID))
		refused("when_closed.long", err)
		lead := func(id, to link.ID) error {
			_, err := w.Edit(t.Context(), w.b, id, 0, func(f *link.Fields) { f.WhenClosed.Next = to })
			return err
		}
		extra := w.make(t, draft("Extra"))
		refused("when_closed.long", lead(chain[0].ID, extra.ID)) // five lead here already
		refused("when_closed.circle", lead(chain[0].ID, longest.ID))
		refused("when_closed.circle", lead(chain[0].ID, chain[0].ID))
		refused("when_closed.next", lead(extra.ID, "lnk_nobody"))
		_, err = w.Create(t.Context(), w.b, func() link.Fields {
			f := leadingTo("Both", extra.ID)
			f.WhenClosed.URL = "https://example.com"
			return f
		}())
		refused("when_closed.url when_closed.both", err)
		_, err = w.Create(t.Context(), w.b, func() link.Fields { f := draft("R"); f.WhenClosed.Redirect = true; return f }())
		refused("when_closed.redirect when_closed.redirect", err)
	})
}

func TestAnOfferOfTheWaitingListLastsFromAnHourToAWeek(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for hours, want := range map[int64]int64{0: link.DefaultOfferHours, 1: 1, link.MaxOfferHours: link.MaxOfferHours} {
			f := draft("Waiting")
			f.OfferHours = hours
			if got := w.make(t, f).OfferHours; got != want {
				t.Errorf("%d hours become %d, want %d", hours, got, want)
			}
		}
		for _, hours := range []int64{-1, link.MaxOfferHours + 1} {
			f := draft("Waiting")
			f.OfferHours = hours
			_, err := w.Create(t.Context(), w.b, f)
			wantFault(t, err, fault.Invalid, "offer_hours")
		}
	})
}

// Whoever raises the limit of a full link gets it back as its waiting list has left it.
func TestAChangedLinkIsAsItsWaitingListLeftIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f := draft("Course")
		f.Limit, f.WaitingList = link.Limit{Kind: link.Multiple, Max: 1}, true
		l := w.make(t, f)
		w.sell(t, l.ID)
		if _, err := w.all.Waiting.Join(t.Context(), w.b, l.ID, "ann@example.com", "en", 1); err != nil {
			t.Fatal(err)
		}
		after := w.patch(t, l.ID, func(f *link.Fields) { f.Limit.Max = 2 })
		if now := w.get(t, l.ID); after.Slots != now.Slots || after.Slots.Offered != 1 {
			t.Errorf("it came back with %+v and has %+v", after.Slots, now.Slots)
		}
	})
}
