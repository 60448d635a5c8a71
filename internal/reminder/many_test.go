package reminder_test

import (
	"fmt"
	"slices"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/reminder"
)

// hand asks by email, once for the key.
func hand(key string) reminder.Hand {
	return reminder.Hand{Channels: []message.Channel{message.ByEmail}, Key: key}
}

func (w *world) ask(kind delivery.Kind, key string, links ...link.Link) int {
	w.t.Helper()
	n, err := w.reminders.Ask(w.t.Context(), w.business, kind, ids(links), hand(key))
	if err != nil {
		w.t.Fatal(err)
	}
	w.due()
	return n
}

func ids(links []link.Link) (all []link.ID) {
	for _, l := range links {
		all = append(all, l.ID)
	}
	return all
}

// asked says of everybody whom Asked finds why they are not asked.
func (w *world) asked(kind delivery.Kind, links ...link.Link) (all []string) {
	w.t.Helper()
	found, err := w.reminders.Asked(w.t.Context(), w.business, kind, ids(links))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range found {
		all = append(all, fmt.Sprintf("%s %s", a.Customer.Name, a.Why))
	}
	slices.Sort(all)
	return all
}

// plain makes a link that does not remind, for a customer or for everybody.
func (w *world) plain(own customer.ID) link.Link {
	w.t.Helper()
	price := money.Amount{Minor: 4500, Currency: "EUR"}
	l, err := w.links.Create(w.t.Context(), w.business, link.Fields{Active: true, Name: "Course", Type: link.Amount, Amount: &price, CustomerID: own})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// numbers are the numbers of the reminders of a link.
func (w *world) numbers(l link.Link) (all []int64) {
	w.t.Helper()
	sends, _, err := w.deliveries.Sends(w.t.Context(), w.d, w.business.ID, w.business.Mode, delivery.Query{Link: l.ID, Kind: delivery.KindReminder})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range sends {
		all = append(all, s.Number)
	}
	slices.Sort(all) // the clock stands, so they have no other order
	return all
}

func TestWhoHasNotPaidOneOfManyLinksIsRemindedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		planned := w.remind(reminder.Settings{Frequency: reminder.Weekly, Max: 3}, link.Limit{}, "Anna", "Ben", "Dora")
		byHand, quiet := w.plain(""), w.plain("")
		w.send(byHand, w.mustCustomer("Cara"))
		w.settle(w.start(planned, "ben@example.com", ""), sandbox.Paid)
		w.start(planned, "dora@example.com", "")
		want := []string{" sent_to_nobody", "Anna ", "Ben has_paid", "Cara ", "Dora is_paying"}
		if got := w.asked(delivery.KindReminder, planned, byHand, quiet); !slices.Equal(got, want) {
			t.Errorf("asked are %q, want %q", got, want)
		}
		for _, c := range []struct {
			key    string
			asked  int
			byHand []int64
		}{{"first", 2, []int64{1}}, {"first", 0, []int64{1}}, {"second", 2, []int64{1, 2}}} {
			if n := w.ask(delivery.KindReminder, c.key, quiet, byHand, planned); n != c.asked {
				t.Errorf("%s: %d are asked, want %d", c.key, n, c.asked)
			}
			if got := w.numbers(byHand); !slices.Equal(got, c.byHand) {
				t.Errorf("%s: Cara's reminders are %v, want %v", c.key, got, c.byHand)
			}
		}
		if got := w.subjects("cara@example.com"); !slices.Contains(got, "Reminder 2: Course") {
			t.Errorf("Cara's mails are %q, want that none by hand is the last", got)
		}
		if got := w.numbers(planned); !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("the plan's reminders are %v, want Anna's first and second", got)
		}
		if sum := w.summary(planned); sum.Sent != 2 {
			t.Errorf("the plans count %d, want what went out by hand to be two of three", sum.Sent)
		}
	})
}

func TestManyLinksAreSentToTheirOwnCustomersOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		anna, ben, cara := w.mustCustomer("Anna"), w.mustCustomer("Ben"), w.mustCustomer("Cara")
		open, paid, off, everybody := w.plain(anna), w.plain(ben), w.plain(cara), w.plain("")
		w.settle(w.start(paid, "ben@example.com", ""), sandbox.Paid)
		if _, err := w.links.SwitchAll(t.Context(), w.business, []link.ID{off.ID}, false); err != nil {
			t.Fatal(err)
		}
		want := []string{" for_everybody", "Anna ", "Ben has_paid", "Cara takes_none"}
		if got := w.asked(delivery.KindSend, open, paid, off, everybody); !slices.Equal(got, want) {
			t.Errorf("asked are %q, want %q", got, want)
		}
		for _, c := range []struct {
			key  string
			want int
		}{{"first", 1}, {"first", 0}, {"second", 1}} {
			if n := w.ask(delivery.KindSend, c.key, open, paid, off, everybody); n != c.want {
				t.Errorf("%s: sent to %d, want %d", c.key, n, c.want)
			}
		}
		// Whoever else got the link and is paying is not whom it is for.
		w.send(open, ben)
		for _, c := range []struct{ pays, why string }{{"ben@example.com", ""}, {"anna@example.com", "is_paying"}} {
			w.start(open, c.pays, "")
			want[1] = "Anna " + c.why
			if got := w.asked(delivery.KindSend, open, paid, off, everybody); !slices.Equal(got, want) {
				t.Errorf("%s is paying: asked are %q, want %q", c.pays, got, want)
			}
		}
		for n, fits := range map[int]bool{link.MaxPage: true, link.MaxPage + 1: false} {
			if _, err := w.reminders.Asked(t.Context(), w.business, delivery.KindSend, slices.Repeat(ids([]link.Link{open}), n)); fits != (err == nil) {
				t.Errorf("%d links: %v", n, err)
			}
		}
		other := businesstest.Make(t, d, "other")
		if _, err := w.reminders.Ask(t.Context(), other, delivery.KindSend, ids([]link.Link{open}), hand("third")); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business sends it: %v", err)
		}
	})
}
