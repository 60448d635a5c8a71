package link_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// A hold tells what is left, and an attempt may hold more or fewer units than before, as
// far as there are some.
func TestAHoldTellsWhatIsLeftAndMayBecomeAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f := draft("Tickets")
		f.Checkout.Quantity = &checkout.Quantity{Min: 1, Max: 20}
		f.Limit = link.Limit{Kind: link.Multiple, Counts: link.Units, Max: 10}
		l := w.make(t, f)
		if taken, err := w.consumeFresh(t.Context(), l.ID, 3); err != nil || !taken {
			t.Fatal(taken, err)
		}
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			left, err := w.Hold(t.Context(), tx, w.b.ID, l.ID, w.b.Mode, 2)
			if err == nil && *left != (link.Availability{Unsold: 7, Free: 5, ByUnits: true}) {
				t.Errorf("behind a hold of two there are %+v", *left)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var freed int
		w.OnFree(func(context.Context, *db.Tx, business.ID, link.ID, business.Mode) error { freed++; return nil })
		instead := func(before, units int64) error {
			return d.InTx(t.Context(), func(tx *db.Tx) error {
				return w.HoldInstead(t.Context(), tx, w.b.ID, l.ID, w.b.Mode, before, units)
			})
		}
		if err := instead(2, 5); err != nil || w.get(t, l.ID).Free() != 2 {
			t.Errorf("more: %v, %d are free", err, w.get(t, l.ID).Free())
		}
		var few *link.TooFew
		if err := instead(5, 8); !errors.As(err, &few) || few.Left != 7 {
			t.Errorf("more than there are: %v, %+v", err, few)
		}
		if err := instead(5, 7); err != nil || w.get(t, l.ID).Free() != 0 || freed != 0 {
			t.Errorf("all that is left: %v, %d are free, told %d times", err, w.get(t, l.ID).Free(), freed)
		}
		if err := instead(7, 8); !errors.As(err, &few) || few.Left != 7 {
			t.Errorf("more than all, which they hold: %v, %+v", err, few)
		}
		if err := instead(7, 4); err != nil || w.get(t, l.ID).Free() != 3 || freed != 1 {
			t.Errorf("fewer: %v, %d are free, told %d times", err, w.get(t, l.ID).Free(), freed)
		}
		// Others wait for what is free, or the limit is below what is held: theirs are theirs.
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { return w.Wait(t.Context(), tx, w.b.ID, l.ID, w.b.Mode) }); err != nil {
			t.Fatal(err)
		}
		if err := instead(4, 8); !errors.As(err, &few) || few.Left != 7 {
			t.Errorf("more than there are, while somebody waits: %v, %+v", err, few)
		}
		if _, err := w.Edit(t.Context(), w.b, l.ID, 0, func(f *link.Fields) { f.Limit.Max = 3 }); err != nil {
			t.Fatal(err)
		}
		if err := instead(4, 5); !errors.As(err, &few) || few.Left != 4 {
			t.Errorf("more than is held of a lower limit: %v, %+v", err, few)
		}
		if _, err := w.Edit(t.Context(), w.b, l.ID, 0, func(f *link.Fields) { f.Limit.Max, f.Checkout.Quantity = 6, &checkout.Quantity{Min: 5, Max: 20} }); err != nil {
			t.Fatal(err)
		}
		if err := instead(4, 5); !fault.Is(err, fault.LimitReached) {
			t.Errorf("fewer are held than a payment buys: %v", err)
		}
	})
}

func TestWhoWantsMoreThanIsLeftIsToldHowMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f := draft("Tickets")
		f.Checkout.Quantity = &checkout.Quantity{Min: 2, Max: 20}
		f.Limit = link.Limit{Kind: link.Multiple, Counts: link.Units, Max: 10}
		l := w.make(t, f)
		if err := w.hold(t.Context(), l.ID, 8); err != nil {
			t.Fatal(err)
		}
		var few *link.TooFew
		if err := w.hold(t.Context(), l.ID, 3); !errors.As(err, &few) || few.Left != 2 {
			t.Errorf("three of two: %v", err)
		}
		if err := w.hold(t.Context(), l.ID, 2); err != nil {
			t.Errorf("two of two: %v", err)
		}
		wantFault(t, w.hold(t.Context(), l.ID, 2), fault.SlotTaken, "")
	})
}

// Other processes show what remains of a link, so they are told of each step; there is
// nothing to tell of a link without a limit.
func TestWhoShowsWhatRemainsIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		free := w.make(t, draft("No limit"))
		l := w.make(t, limited(5))
		told := make(chan string, 100)
		d.Subscribe(func(topic, key string) {
			if topic == "link" && (key == string(l.ID) || key == string(free.ID)) {
				told <- key
			}
		})
		for name, act := range map[string]func(id link.ID) error{
			"consume": func(id link.ID) error { return w.consume(t.Context(), id, 1) },
			"release": func(id link.ID) error { return w.release(t.Context(), id, 1) },
		} {
			for _, id := range []link.ID{free.ID, l.ID} {
				if err := w.hold(t.Context(), id, 1); err != nil {
					t.Fatal(name, err)
				}
				if err := w.hold(t.Context(), id, 1); err != nil {
					t.Fatal(name, err)
				}
				for len(told) > 0 {
					<-told
				}
				if err := act(id); err != nil {
					t.Fatal(name, err)
				}
			}
			select {
			case key := <-told:
				if key != string(l.ID) {
					t.Errorf("%s: told of the link without a limit", name)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%s: nothing is told", name)
			}
		}
		err := d.InTx(t.Context(), func(tx *db.Tx) error { return w.ReturnSlots(t.Context(), tx, w.b.ID, l.ID, w.b.Mode, 5, true) })
		if err == nil {
			t.Error("five are given back of one that was paid")
		}
	})
}
