package delivery_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// steps hears of every step of deliveries, twice, as two features do.
func (w *world) steps() *[]string {
	var all []string
	for i := range 2 {
		w.deliveries.OnStep(func(_ context.Context, _ *db.Tx, _ delivery.Send, d delivery.Delivery) error {
			all = append(all, fmt.Sprint(i, " ", d.Channel, " ", d.Status))
			return nil
		})
	}
	return &all
}

func (w *world) in(do func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), do); err != nil {
		w.t.Fatal(err)
	}
}

// Everybody who wants to know hears of each step once, and of no other.
func TestEachStepIsToldToAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c := w.customer("Amara", "amara@example.com")
		heard := w.steps()
		if _, err := w.deliveries.Start(t.Context(), w.business, w.link("Workshop").ID, delivery.Request{
			Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail, message.BySMS},
		}); err != nil {
			t.Fatal(err)
		}
		want := []string{"0 sms failed", "1 sms failed"} // there is no number
		if !slices.Equal(*heard, want) {
			t.Errorf("when it is written: %q", *heard)
		}
		w.sendDue()
		if want = append(want, "0 email sent", "1 email sent"); !slices.Equal(*heard, want) {
			t.Errorf("when it is sent: %q", *heard)
		}
	})
}

func TestABounceIsToldOnceToAllAndTheSendFailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "Amara@example.com")
		heard := 0
		for range 2 {
			w.deliveries.OnWrittenOff(func(_ context.Context, _ *db.Tx, _ business.ID, off delivery.Suppression) error {
				if heard++; off.Address != "Amara@example.com" || off.Cause != delivery.CauseBounce {
					t.Errorf("told of %+v", off)
				}
				return nil
			})
		}
		w.server.Bar("Amara@example.com", 550, "5.1.1 User unknown")
		w.send(l, "", c.ID)
		if got := w.sends(l)[0].Status; heard != 2 || got != message.Failed {
			t.Errorf("told %d times of two, the send is %s", heard, got)
		}
	})
}

// An address is one however it is written, and whatever waits for it goes nowhere.
func TestOptingOutIsOfAnAddressAndTakesBackAllThatWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c := w.customer("Amara", "Amara@example.com")
		var links []link.Link
		for _, name := range []string{"Workshop", "Course"} {
			l := w.link(name)
			if _, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}}); err != nil {
				t.Fatal(err)
			}
			links = append(links, l)
		}
		w.in(func(tx *db.Tx) error {
			return w.deliveries.OptOut(t.Context(), tx, w.business.ID, message.ByEmail, "AMARA@EXAMPLE.COM")
		})
		w.sendDue()
		if n, _ := w.received(); n != 0 {
			t.Errorf("%d mails went out", n)
		}
		for _, l := range links {
			if got := w.only(l); got.Status != message.Failed || !strings.Contains(got.Reason, "asked for no more") {
				t.Errorf("%s: %+v", l.Name, got)
			}
		}
		reach, err := w.deliveries.Reach(t.Context(), d, w.business, c)
		if err != nil || reach.Email.Obstacle != delivery.OptedOut {
			t.Errorf("reach is %+v, %v", reach.Email, err)
		}
	})
}

// Pages of sends hold each once, the newest first; the last says that it is.
func TestPagesOfSends(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, other := w.link("Workshop"), w.link("Course")
		var want []string
		for i := range 4 {
			d.Clock().SetOffset(time.Duration(i) * time.Hour)
			want = append(want, string(w.send(l, "", w.customer(fmt.Sprint(i), fmt.Sprintf("c%d@example.com", i)).ID)[0].ID))
		}
		slices.Reverse(want)
		w.in(func(tx *db.Tx) error { // what was left out is on no page, but found by its id
			return w.deliveries.SkipTx(t.Context(), tx, delivery.Skip{
				Recipient: delivery.Recipient{ID: w.sends(l)[0].RecipientID, BusinessID: w.business.ID, LinkID: l.ID, Mode: w.business.Mode},
				Due:       d.Clock().Now(), Channels: []message.Channel{message.ByEmail, message.BySMS}, Why: "Rest.", Key: "k",
			})
		})
		q, pages := delivery.Query{Link: l.ID, Limit: 2}, 0
		var got []string
		for ; ; pages++ {
			sends, next, err := w.deliveries.Sends(t.Context(), d, w.business.ID, w.business.Mode, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range sends {
				got = append(got, string(s.ID))
			}
			if q.Cursor = next; next == "" || pages > 9 {
				break
			}
		}
		if !slices.Equal(got, want) || pages+1 != 2 {
			t.Errorf("on %d pages %q, want %q", pages+1, got, want)
		}
		latest, err := w.deliveries.Latest(t.Context(), d, w.business.ID, w.business.Mode, 3, []link.ID{l.ID, other.ID})
		if err != nil || len(latest) != 1 || len(latest[l.ID]) != 3 || string(latest[l.ID][0].ID) != want[0] {
			t.Errorf("the latest are %+v, %v", latest, err)
		}
		var skipped delivery.SendID
		if err := d.Get(t.Context(), &skipped, `SELECT id FROM sends WHERE skipped <> ''`); err != nil {
			t.Fatal(err)
		}
		found, err := w.deliveries.ByIDs(t.Context(), d, w.business.ID, []delivery.SendID{skipped})
		if s := found[skipped]; err != nil || s.Skipped != "Rest." || !slices.Equal(s.Channels, []message.Channel{message.ByEmail, message.BySMS}) {
			t.Errorf("left out is %+v, %v", found, err)
		}
	})
}

// What a mail and an SMS say: in the customer's language, whether money is real, and the
// way to the link once.
func TestWhatIsSaid(t *testing.T) {
	d := dbtest.SQLite(t)
	w := mustWorld(t, d)
	l := w.link("Workshop")
	preview := func(c customer.Customer, mode business.Mode, words string) delivery.Preview {
		t.Helper()
		b := w.business
		b.Mode = mode
		p, err := w.deliveries.Preview(t.Context(), b, l, c, delivery.Order{Kind: delivery.KindSend, Message: words})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	dutch := delivery.Someone()
	dutch.Language = "nl"
	if got := preview(dutch, business.Test, "").Email.Subject; !strings.Contains(got, "Je betaallink") {
		t.Errorf("a Dutch customer reads %q", got)
	}
	if got := preview(delivery.Someone(), business.Test, "").Email.Subject; !strings.Contains(got, "Your payment link") {
		t.Errorf("a customer without a language reads %q", got)
	}
	for mode, says := range map[business.Mode]bool{business.Test: true, business.Live: false} {
		if got := preview(delivery.Someone(), mode, "").Email.Text; strings.Contains(got, "Play money") != says {
			t.Errorf("in %s mode: %s", mode, got)
		}
	}
	for words, want := range map[string]int{"Hi {first_name}: {link}": 1, "Hi {first_name}": 1, "{link} {link}": 2} {
		if got := preview(delivery.Someone(), business.Test, words).SMS; strings.Count(got, "/r/") != want || strings.Contains(got, "{") {
			t.Errorf("%q says %q", words, got)
		}
	}
}

// A message that is tried again has gone out when that try did, not when the one before
// seemed to.
func TestANewTryHasATimeOfItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
		w.send(l, "", c.ID)
		first := w.only(l)
		becomes := func(state message.State, after time.Duration) delivery.Delivery {
			d.Clock().SetOffset(after)
			w.in(func(tx *db.Tx) error {
				return w.deliveries.OnMessage(t.Context(), tx, message.Change{BusinessID: w.business.ID, Channel: message.ByEmail, Key: delivery.KeyPrefix + first.ID, State: state})
			})
			return w.only(l)
		}
		if got := becomes(message.Failed, time.Hour); first.SentAt == nil || got.SentAt == nil || !got.SentAt.Equal(*first.SentAt) {
			t.Errorf("the one that failed went at %v, is told as %v", first.SentAt, got.SentAt)
		}
		if got := becomes(message.Queued, 2*time.Hour); got.SentAt != nil {
			t.Errorf("the new try went at %v already", got.SentAt)
		}
		if got := becomes(message.Sent, 3*time.Hour); got.SentAt == nil || got.SentAt.Before(first.SentAt.Add(2*time.Hour)) {
			t.Errorf("the new try went at %v", got.SentAt)
		}
	})
}
