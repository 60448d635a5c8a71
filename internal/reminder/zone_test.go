package reminder_test

import (
	"slices"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/reminder"
)

// moveTo changes the business's time zone, and does what falls due then.
func (w *world) moveTo(zone string) {
	w.t.Helper()
	b, err := w.businesses.Update(w.t.Context(), w.business.ID, 0, business.Patch{TimeZone: &zone})
	if err != nil {
		w.t.Fatal(err)
	}
	w.business = b
	w.due()
}

// A day is that of the business's zone, also where that became another one after a reminder
// was planned.
func TestAnotherTimeZonePlansRemindersAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.pass(5 * time.Hour) // 14:42 in UTC is 03:42 of the next day in Auckland
		onTheDay := w.remindAround(10, 0)
		w.send(onTheDay, w.mustCustomer("Ann"))
		daily := w.remind(reminder.Settings{Frequency: reminder.Every2Days, Max: 5, Quiet: &reminder.Quiet{From: 22 * 60, To: 9 * 60}}, link.Limit{}, "Ben")
		paused := w.remindAround(10, 0)
		w.send(paused, w.mustCustomer("Cleo"))
		if err := w.reminders.Pause(t.Context(), w.business, paused.ID, ""); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ zone, onTheDay, daily string }{
			{"Pacific/Auckland", "2026-02-28 03:42 Sat", "2026-02-21 09:00 Sat"},
			{"UTC", "2026-02-28 14:42 Sat", "2026-02-20 14:42 Fri"},
			{"Pacific/Auckland", "2026-02-28 03:42 Sat", "2026-02-21 09:00 Sat"},
		} {
			w.moveTo(c.zone)
			for _, of := range []struct {
				link link.Link
				want string
			}{{onTheDay, c.onTheDay}, {daily, c.daily}} {
				sum := w.summary(of.link)
				if got := local(sum.NextAt, w.business.Location()); got != of.want || sum.Sent != 0 {
					t.Errorf("in %s the next is %s after %d, not %s", c.zone, got, sum.Sent, of.want)
				}
			}
		}
		if sum := w.summary(paused); sum.Status != reminder.Paused || !sum.NextAt.IsZero() {
			t.Errorf("what was paused is %+v", sum)
		}
		w.pass(15 * day)
		if got := w.days(onTheDay, dbtest.Start); !slices.Equal(got, []int{9}) { // in UTC
			t.Errorf("reminded on days %v", got)
		}
	})
}

// What the new zone has had already is made up for at once, and once.
func TestAReminderThatAnotherTimeZoneHasHadIsMadeUpFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.pass(5 * time.Hour)
		l := w.remindAround(10, 0)
		w.send(l, w.mustCustomer("Ann"))
		w.pass(9*day + 2*time.Hour)
		w.moveTo("Pacific/Auckland")
		w.pass(5 * day)
		if sum := w.summary(l); sum.Sent != 1 || sum.Status != reminder.Stopped {
			t.Errorf("%+v", sum)
		}
		if got := w.days(l, dbtest.Start); !slices.Equal(got, []int{9}) {
			t.Errorf("reminded on days %v", got)
		}
	})
}
