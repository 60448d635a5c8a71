package delivery_test

import (
	"reflect"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// later sends by e-mail in an hour, and tells what is scheduled.
func (w *world) later(l link.Link, r delivery.Request) []delivery.Later {
	w.t.Helper()
	at := w.d.Clock().Now().Add(time.Hour)
	r.Channels, r.At = []message.Channel{message.ByEmail}, &at
	started, err := w.deliveries.Start(w.t.Context(), w.business, l.ID, r)
	if err != nil {
		w.t.Fatal(err)
	}
	return started.Later
}

func (w *world) laterDue() {
	w.t.Helper()
	if err := w.deliveries.SendLaterDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.sendDue()
}

func TestALinkIsSentAtItsTimeAndNotBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link("Workshop")
		for _, name := range []string{"a", "b", "c"} {
			w.customer(name, name+"@example.com", "Club")
		}
		planned := w.later(l, delivery.Request{Tag: "Club", Key: "form/1"})
		if again := w.later(l, delivery.Request{Tag: "Club", Key: "form/1"}); len(planned) != 3 || len(again) != 0 {
			t.Fatalf("scheduled %d, and %d again", len(planned), len(again))
		}
		w.laterDue()
		if n, _ := w.received(); n != 0 {
			t.Fatalf("%d came before their time", n)
		}
		if err := w.deliveries.TakeBack(t.Context(), w.business, planned[0].Deliveries[0].ID); err != nil {
			t.Fatal(err)
		}
		d.Clock().SetOffset(2 * time.Hour)
		w.laterDue()
		w.laterDue()
		if n, to := w.received(); n != 2 {
			t.Errorf("%d came: %s", n, to)
		}
		if got := w.sends(l); len(got) != 2 || got[0].Deliveries[0].ID != planned[1].Deliveries[0].ID && got[1].Deliveries[0].ID != planned[1].Deliveries[0].ID {
			t.Errorf("the deliveries changed their ids: %+v", got)
		}
		if err := w.deliveries.TakeBack(t.Context(), w.business, planned[1].Deliveries[0].ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("what was sent is taken back: %v", err)
		}
		if err := w.deliveries.TakeBack(t.Context(), w.business, planned[0].Deliveries[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("what was taken back is there: %v", err)
		}
		if again := w.later(l, delivery.Request{Tag: "Club", Key: "form/1"}); len(again) != 1 { // whose was taken back
			t.Errorf("the same form schedules %d again", len(again))
		}
	})
}

func TestWhatCannotBePaidByThenIsNotSentAndSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, gone, c := w.link("Off by then"), w.link("Gone by then"), w.customer("a", "a@example.com")
		planned := w.later(l, delivery.Request{Customers: []customer.ID{c.ID}})
		w.later(gone, delivery.Request{Customers: []customer.ID{c.ID}})
		coming, err := w.deliveries.Upcoming(t.Context(), d, w.business.ID, w.business.Mode, []link.ID{l.ID, w.link("Unsent").ID})
		if err != nil || len(coming) != 1 || !reflect.DeepEqual(coming[l.ID], planned) {
			t.Errorf("to come is %+v, %v, want %+v", coming, err, planned)
		}
		if _, err := w.links.SetActive(t.Context(), w.business, l.ID, false); err != nil {
			t.Fatal(err)
		}
		if err := w.links.Delete(t.Context(), w.business, gone.ID); err != nil {
			t.Fatal(err)
		}
		d.Clock().SetOffset(2 * time.Hour)
		w.laterDue()
		w.laterDue()
		if got := w.only(l); got.Status != message.Failed || got.Reason == "" {
			t.Errorf("the delivery is %+v", got)
		}
		if n, _ := w.received(); n != 0 {
			t.Errorf("%d came", n)
		}
		past := d.Clock().Now().Add(-time.Minute)
		_, err = w.deliveries.Start(t.Context(), w.business, w.link("Another").ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}, At: &past})
		if of := fault.Of(err); of == nil || len(of.Fields) != 1 || of.Fields[0].Name != "send_at" {
			t.Errorf("a time that has passed: %v", err)
		}
	})
}

// Who turns out to be one customer gets what was scheduled for both once, by the ways of
// either; what is of another time or in other words is another message.
func TestWhatWasScheduledForTwoThatAreOneGoesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link("Workshop")
		keep, gone := w.customer("a", "a@example.com", "Club"), w.customer("b", "b@example.com", "Club")
		w.later(l, delivery.Request{Tag: "Club", Key: "form/1"})
		w.later(l, delivery.Request{Customers: []customer.ID{gone.ID}, Message: "Bring a coat. {link}"})
		at := d.Clock().Now().Add(time.Hour)
		both := w.link("Both ways")
		for who, channels := range map[customer.ID][]message.Channel{keep.ID: {message.ByEmail}, gone.ID: {message.ByEmail, message.BySMS}} {
			if _, err := w.deliveries.Start(t.Context(), w.business, both.ID, delivery.Request{Customers: []customer.ID{who}, Channels: channels, At: &at}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.customers.Merge(t.Context(), w.business, keep.ID, gone.ID); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[link.ID][]int{l.ID: {1, 1}, both.ID: {2}} {
			up, err := w.deliveries.Upcoming(t.Context(), d, w.business.ID, w.business.Mode, []link.ID{id})
			if err != nil {
				t.Fatal(err)
			}
			var ways []int
			for _, one := range up[id] {
				if ways = append(ways, len(one.Deliveries)); one.CustomerID != keep.ID {
					t.Errorf("it is for %s", one.CustomerID)
				}
			}
			if !reflect.DeepEqual(ways, want) {
				t.Errorf("scheduled by %d ways each, want %d", ways, want)
			}
		}
		d.Clock().SetOffset(2 * time.Hour)
		w.laterDue()
		if got := w.sends(l); len(got) != 2 {
			t.Errorf("%d sends", len(got))
		}
	})
}
