package reminder_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/reminder"
)

// do does something with the reminders of a link, to one recipient or all.
func (w *world) do(act func(r *reminder.Reminders) error) {
	w.t.Helper()
	if err := act(w.reminders); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) pause(l link.Link) {
	w.t.Helper()
	w.do(func(r *reminder.Reminders) error { return r.Pause(w.t.Context(), w.business, l.ID, "") })
}

func (w *world) resume(l link.Link) {
	w.t.Helper()
	w.do(func(r *reminder.Reminders) error { return r.Resume(w.t.Context(), w.business, l.ID, "") })
}

func (w *world) edit(l link.Link, change func(f *link.Fields)) {
	w.t.Helper()
	if _, err := w.links.Edit(w.t.Context(), w.business, l.ID, 0, change); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) optOut(email string) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		return w.deliveries.OptOut(w.t.Context(), tx, w.business.ID, message.ByEmail, email)
	}); err != nil {
		w.t.Fatal(err)
	}
}

// planOf is the plan of a customer.
func (w *world) planOf(l link.Link, name string) reminder.Plan {
	w.t.Helper()
	plans := w.summary(l).Plans
	return plans[slices.IndexFunc(plans, func(p reminder.Plan) bool { return p.Customer == name })]
}

// states are "Ann active", with the reason why a plan is over, by name.
func (w *world) states(l link.Link) (all []string) {
	w.t.Helper()
	for _, p := range w.summary(l).Plans {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.Customer, p.State, p.Reason)))
	}
	slices.Sort(all)
	return all
}

func (w *world) wantStates(l link.Link, when string, want ...string) {
	w.t.Helper()
	if got := w.states(l); !slices.Equal(got, want) {
		w.t.Errorf("%s: %q, want %q", when, got, want)
	}
}

// subjects are those of the mails about a link, the first first.
func (w *world) subjects(name string) (all []string) {
	w.t.Helper()
	mails, err := w.mailbox.List(w.t.Context(), mailbox.Filter{Query: name, Limit: 99})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range slices.Backward(mails) {
		all = append(all, m.Subject)
	}
	return all
}

func TestActsReachAllRecipientsOrOneAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remind(every2Days, link.Limit{}, "Ann", "Ben", "Cleo")
		if err := w.reminders.Pause(t.Context(), w.business, l.ID, w.planOf(l, "Ben").RecipientID); err != nil {
			t.Fatal(err)
		}
		w.wantStates(l, "one", "Ann active", "Ben paused", "Cleo active")
		w.pause(l)
		w.wantStates(l, "all", "Ann paused", "Ben paused", "Cleo paused")
		if sum := w.summary(l); sum.Remaining != 15 {
			t.Errorf("%d remain of three times five", sum.Remaining)
		}
	})
}

func TestRemindersOfALinkThatOpensAgainGoOnByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		if w.summary(l).Reopened {
			t.Error("a link that was never closed is open again")
		}
		w.edit(l, func(f *link.Fields) { f.Active = false })
		if sum := w.summary(l); sum.Status != reminder.Stopped || sum.Remaining != 0 || !sum.NextAt.IsZero() {
			t.Errorf("switched off: %+v", sum)
		}
		w.wantStates(l, "switched off", "Ann stopped "+reminder.LinkClosed)
		w.pass(3 * day)
		w.edit(l, func(f *link.Fields) { f.Active = true })
		if sum := w.summary(l); !sum.Reopened || sum.Status != reminder.Stopped {
			t.Errorf("switched on: %+v", sum)
		}
		w.resume(l)
		if sum := w.summary(l); sum.Reopened || sum.NextAt.Sub(began) != 4*day {
			t.Errorf("gone on with: %+v", sum)
		}
		w.pause(l)
		w.edit(l, func(f *link.Fields) { f.Active = false })
		w.wantStates(l, "paused, and switched off", "Ann stopped "+reminder.LinkClosed)
	})
}

// A customer without an address ends a plan, when it falls due and by hand.
func TestWhoLostTheAddressIsNotReminded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remind(every2Days, link.Limit{}, "Ann", "Ben")
		lose := func(name string) {
			t.Helper()
			if _, err := w.customers.Edit(t.Context(), w.business, w.planOf(l, name).CustomerID, 0, func(f *customer.Fields) { f.Email, f.Phone = "", "+31612345678" }); err != nil {
				t.Fatal(err)
			}
		}
		lose("Ann")
		if err := w.reminders.SendNow(t.Context(), w.business, l.ID, w.planOf(l, "Ann").RecipientID); err != nil {
			t.Error(err)
		}
		w.wantStates(l, "by hand", "Ann stopped "+reminder.NoWay, "Ben active")
		lose("Ben")
		w.pass(2 * day)
		w.wantStates(l, "when it is due", "Ann stopped "+reminder.NoWay, "Ben stopped "+reminder.NoWay)
	})
}

// What has ended stays as it ended, whatever happens to the address or the settings.
func TestEndedPlansKeepTheirReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remind(every2Days, link.Limit{}, "Ann", "Ben", "Cleo")
		other := w.plain("")
		w.settle(w.start(l, "ann@example.com", ""), sandbox.Paid)
		w.pause(l)
		w.optOut("ann@example.com")
		w.optOut("ben@example.com")
		ended := []string{"Ann complete", "Ben stopped " + reminder.NoWay}
		w.wantStates(l, "opted out", append(ended, "Cleo paused")...)
		w.set(l, nil)
		w.set(l, &every2Days) // what was switched off begins again, rested or not
		w.wantStates(l, "off and on", append(ended, "Cleo active")...)
		// All plans of an address end at once.
		w.set(other, &every2Days)
		w.send(other, w.planOf(l, "Cleo").CustomerID)
		w.optOut("cleo@example.com")
		w.wantStates(l, "at last", append(ended, "Cleo stopped "+reminder.NoWay)...)
		w.wantStates(other, "the other link", "Cleo stopped "+reminder.NoWay)
	})
}

// Paused before the first message left, they count from it all the same.
func TestRemindersPausedBeforeTheFirstMessageLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{})
		if _, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{Customers: []customer.ID{w.mustCustomer("Ann")}, Channels: []message.Channel{message.ByEmail}}); err != nil {
			t.Fatal(err)
		}
		w.pause(l)
		w.due()
		w.resume(l)
		if next := w.summary(l).NextAt.Sub(began); next != 2*day {
			t.Errorf("the next comes after %s", next)
		}
	})
}

// What is to come: each with its number, until there are enough.
func TestUpcomingReminders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		around := w.remindAround(10, -3, 0, 7)
		w.send(around, w.mustCustomer("Ben"))
		w.pass(8 * day)
		w.dueIn(around, 20) // three more days, where one was used up
		for _, c := range []struct {
			link link.Link
			most int64
			want []string
		}{
			{l, 50, []string{"Ann 5 10"}}, {around, 50, []string{"Ben 2 17", "Ben 3 20", "Ben 4 27"}}, {around, 2, []string{"Ben 2 17", "Ben 3 20"}},
		} {
			var got []string
			for _, u := range w.summary(c.link).Upcoming(time.UTC, c.most) {
				got = append(got, fmt.Sprint(u.Customer, " ", u.Number, " ", int(u.At.Sub(began)/day)))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("of %d: %q, want %q", c.most, got, c.want)
			}
		}
		if sum := w.summary(l); sum.Sent != 4 || sum.Remaining != 1 {
			t.Errorf("%d were sent, %d remain", sum.Sent, sum.Remaining)
		}
	})
}

// The last mail of a plan says so, and no other.
func TestTheLastReminderSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remind(reminder.Settings{Frequency: reminder.Daily, Max: 3}, link.Limit{}, "Ann")
		w.pass(3 * day)
		want := []string{"Reminder: Workshop", "Reminder 2: Workshop", "Last reminder: Workshop"}
		if got := w.subjects("reminder"); !slices.Equal(got, want) {
			t.Errorf("every day: %q", got)
		}
		w.wantStates(l, "right behind the last", "Ann stopped "+reminder.AllSent)

		around := w.remindAround(10, -3, 0, 1)
		w.send(around, w.mustCustomer("Ben"))
		w.pass(8 * day)
		if got := w.subjects("reminder"); !slices.Equal(got[3:], want) {
			t.Errorf("around a date: %q", got[3:])
		}
		w.wantStates(around, "right behind the last day", "Ben stopped "+reminder.AllSent)
	})
}

// Settings that are as they were change nothing; whatever differs is kept.
func TestSettingsAreKeptAndPlanAnewOnlyWhenTheyDiffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		night, noon := &reminder.Quiet{From: 22 * 60, To: 7 * 60}, &reminder.Quiet{From: 12 * 60, To: 13 * 60}
		l := w.remind(every2Days, link.Limit{}, "Ann")
		w.moved = 7*day + time.Hour // the server was off; the grid stays
		d.Clock().SetOffset(w.moved)
		w.due()
		w.set(l, &every2Days)
		if next := w.summary(l).NextAt.Sub(began); next != 8*day {
			t.Errorf("the same settings: the next comes after %s", next)
		}
		for _, s := range []reminder.Settings{
			{Frequency: reminder.Every2Days, Max: 5, Quiet: night}, {Frequency: reminder.Every2Days, Max: 5, Quiet: noon}, {Frequency: reminder.Every2Days, Max: 5},
			{Frequency: reminder.Every2Days, Max: 6}, {Frequency: reminder.Every2Days, Max: 6, WeekdaysOnly: true}, {Frequency: reminder.Every3Days, Max: 6, WeekdaysOnly: true},
		} {
			w.set(l, &s)
			if got := w.summary(l).Settings; !reflect.DeepEqual(got, s) {
				t.Errorf("kept are %+v, of %+v", got, s)
			}
		}
	})
}

func TestFewerOrMoreRemindersThanWereSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		most := func(n int64) *reminder.Settings { return &reminder.Settings{Frequency: reminder.Daily, Max: n} }
		l := w.remind(*most(3), link.Limit{}, "Ann")
		w.pass(2 * day)
		w.set(l, most(2))
		w.wantStates(l, "fewer", "Ann stopped "+reminder.AllSent)
		w.set(l, most(4))
		w.wantStates(l, "more", "Ann active")
		w.pass(3 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{1, 2, 3, 4}) {
			t.Errorf("reminded on days %v", got)
		}
	})
}

// Changed while they rest, they count from the last message too.
func TestSettingsChangedDuringAPauseCountFromTheLastMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		w.moved = 7 * day // the server was off
		d.Clock().SetOffset(w.moved)
		w.due()
		w.pause(l)
		w.set(l, &reminder.Settings{Frequency: reminder.Every3Days, Max: 5})
		w.resume(l)
		if next := w.summary(l).NextAt.Sub(began); next != 10*day {
			t.Errorf("the next comes after %s", next)
		}
	})
}

func TestWhatSettingsMayBe(t *testing.T) {
	daily := func(most int64, hours ...int64) reminder.Settings {
		s := reminder.Settings{Frequency: reminder.Daily, Max: most}
		if len(hours) > 0 {
			s.Quiet = &reminder.Quiet{From: hours[0], To: hours[1]}
		}
		return s
	}
	around := func(offsets ...int64) reminder.Settings {
		return reminder.Settings{Offsets: offsets, DueOn: "2026-03-01"}
	}
	for _, s := range []reminder.Settings{daily(1), daily(50), daily(1, 0, 1439), daily(1, 1439, 0), around(-365, 365), around(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)} {
		if err := s.Check(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for _, s := range []reminder.Settings{daily(0), daily(51), daily(1, -1, 60), daily(1, 1440, 60), daily(1, 60, -1), daily(1, 60, 1440), daily(1, 60, 60), around(-366), around(366)} {
		if err := s.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}
