package reminder_test

import (
	"slices"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/reminder"
)

func TestDaysAroundADueDate(t *testing.T) {
	for name, c := range map[string]struct {
		zone, anchor, due string
		settings          reminder.Settings
		want              []string
	}{
		"before, on it and behind": {"Europe/Amsterdam", "2026-02-01 10:42", "2026-02-10", reminder.Settings{Offsets: []int64{-3, 0, 7}},
			[]string{"2026-02-07 10:42 Sat", "2026-02-10 10:42 Tue", "2026-02-17 10:42 Tue"}},
		"what had passed, or is within a day of the send": {"UTC", "2026-02-06 10:42", "2026-02-10", reminder.Settings{Offsets: []int64{-7, -4, -3, -2, 0}},
			[]string{"2026-02-08 10:42 Sun", "2026-02-10 10:42 Tue"}},
		"a weekend's are one": {"UTC", "2026-02-01 09:00", "2026-02-08", reminder.Settings{Offsets: []int64{-1, 0, 1}, WeekdaysOnly: true},
			[]string{"2026-02-09 09:00 Mon"}},
		"clocks go forward": {"Europe/Amsterdam", "2026-03-01 02:30", "2026-03-29", reminder.Settings{Offsets: []int64{0}},
			[]string{"2026-03-29 03:30 Sun"}},
		"quiet nights": {"UTC", "2026-02-01 23:30", "2026-02-10", reminder.Settings{Offsets: []int64{0}, Quiet: &reminder.Quiet{From: 21 * 60, To: 8 * 60}},
			[]string{"2026-02-11 08:00 Wed"}},
		"no date": {"UTC", "2026-02-01 09:00", "", reminder.Settings{Offsets: []int64{-3, 0}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			zone := mustZone(t, c.zone)
			anchor, err := time.ParseInLocation("2006-01-02 15:04", c.anchor, zone)
			if err != nil {
				t.Fatal(err)
			}
			c.settings.DueOn = c.due
			s := reminder.Schedule{Settings: c.settings, Anchor: anchor, Zone: zone}
			var got []string
			for _, due := range s.Dates(0, anchor, 20) {
				got = append(got, local(due, zone))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestOffsetsAreReadAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{"-3, 0, 7": "-3, 0, 7", "−3 0 +7": "-3, 0, 7", "14": "14", "−۳، ٠؛ ７": "-3, 0, 7"} {
		if got, ok := reminder.ParseOffsets(typed); !ok || reminder.FormatOffsets(got) != want {
			t.Errorf("%q is %v", typed, got)
		}
	}
	for _, typed := range []string{"", "three", "1.5", "-3, x"} {
		if got, ok := reminder.ParseOffsets(typed); ok {
			t.Errorf("%q is read as %v", typed, got)
		}
	}
}

// remindAround reminds around a due date so many days from now.
func (w *world) remindAround(due int, offsets ...int64) link.Link {
	w.t.Helper()
	l := w.remind(reminder.Settings{Frequency: reminder.Weekly, Max: 1}, link.Limit{})
	w.dueIn(l, due)
	w.set(l, &reminder.Settings{Offsets: offsets})
	return l
}

func (w *world) dueIn(l link.Link, days int) {
	w.t.Helper()
	on := ""
	if days >= 0 {
		on = dbtest.Start.AddDate(0, 0, days).Format(time.DateOnly)
	}
	if _, err := w.links.Edit(w.t.Context(), w.business, l.ID, 0, func(f *link.Fields) { f.DueOn = on }); err != nil {
		w.t.Fatal(err)
	}
}

func TestRemindersGoOutAroundTheDueDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remindAround(10, 7, -3, 0, -3)
		began := dbtest.Start
		w.send(l, w.mustCustomer("Ann"))
		w.pass(8 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{7}) {
			t.Fatalf("before the date: %v", got)
		}
		// A later date plans anew; what was sent stays.
		w.dueIn(l, 20)
		w.pass(9 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{7, 17}) {
			t.Errorf("after the date moved: %v", got)
		}
		w.pass(30 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{7, 17, 20, 27}) {
			t.Errorf("all: %v", got)
		}
		w.wantStates(l, "at the end", "Ann stopped "+reminder.AllSent)
		w.dueIn(l, 60) // a date that is to come begins again
		w.pass(14 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{7, 17, 20, 27, 57, 60}) {
			t.Errorf("after the last of them: %v", got)
		}
		w.dueIn(l, 50) // a date whose days have passed is the end
		w.wantStates(l, "all days have passed", "Ann stopped "+reminder.AllSent)
	})
}

// A date that moves while the link is switched off counts as any other.
func TestADueDateMovedWithTheSwitch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remindAround(10, 0)
		w.send(l, w.mustCustomer("Ann"))
		w.edit(l, func(f *link.Fields) { f.Active, f.DueOn = false, "2026-03-10" })
		w.edit(l, func(f *link.Fields) { f.Active = true })
		w.pass(25 * day)
		if got := w.days(l, dbtest.Start); !slices.Equal(got, []int{20}) {
			t.Errorf("reminded on days %v", got)
		}
	})
}

// What went out by hand does not come again on its day.
func TestDaysAroundADueDateSentByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remindAround(10, -3, 0, 7, 8)
		w.send(l, w.mustCustomer("Ann"))
		now := func() {
			w.do(func(r *reminder.Reminders) error { return r.SendNow(t.Context(), w.business, l.ID, "") })
		}
		w.pass(2 * day)
		now() // in place of day 7
		w.pass(9 * day)
		now() // in place of day 17
		now() // in place of day 18
		w.due()
		w.pass(10 * day)
		if got := w.days(l, dbtest.Start); !slices.Equal(got, []int{2, 10, 11, 11}) {
			t.Errorf("reminded on days %v", got)
		}
	})
}

// What remains are the days that are left, not those that were chosen less those sent.
func TestWhatRemainsAroundADueDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		want := func(l link.Link, when string, sent, remain int64) {
			t.Helper()
			sum := w.summary(l)
			if sum.Sent != sent || sum.Remaining != remain || sum.Total() != sent+remain {
				t.Errorf("%s: %d sent and %d remain of %d, not %d and %d", when, sum.Sent, sum.Remaining, sum.Total(), sent, remain)
			}
			coming := sum.Upcoming(w.business.Location(), reminder.MaxReminders)
			if sum.Count > 0 && int64(len(coming)) != remain {
				t.Errorf("%s: %d are to come, not %d", when, len(coming), remain)
			}
			for i, u := range coming {
				if u.Number != sent+1+int64(i) || u.Of != sent+remain {
					t.Errorf("%s: number %d of %d", when, u.Number, u.Of)
				}
			}
		}
		l, late := w.remindAround(10, -3, 0, 7), w.remindAround(1, -3, 0, 7)
		want(l, "before the link was sent", 0, 3)
		w.send(l, w.mustCustomer("Ann"))
		w.send(late, w.mustCustomer("Ben"))
		want(l, "sent", 0, 3)
		want(late, "sent when two days had passed", 0, 1)
		w.do(func(r *reminder.Reminders) error { return r.Skip(t.Context(), w.business, l.ID, "") })
		want(l, "one skipped", 0, 2)
		w.pass(11 * day)
		want(l, "one sent", 1, 1)
		w.dueIn(l, 30)
		want(l, "the date moved", 1, 3)
		w.pass(20 * day)
		want(l, "two more sent", 3, 1)
		w.pass(10 * day)
		want(l, "all sent", 4, 0)
	})
}

func TestMissedDaysAreMadeUpForByOneReminder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, last := w.remindAround(10, -3, 0, 2, 14), w.remindAround(10, -3, 0)
		w.send(l, w.mustCustomer("Ann"))
		w.send(last, w.mustCustomer("Ben"))
		w.moved = 13 * day // the server was off
		w.d.Clock().SetOffset(w.moved)
		w.due()
		if got := w.days(l, dbtest.Start); !slices.Equal(got, []int{13}) {
			t.Errorf("made up for: %v", got)
		}
		if got := w.skipped(l, dbtest.Start); !slices.Equal(got, []string{"7 " + reminder.MadeUpFor, "10 " + reminder.MadeUpFor}) {
			t.Errorf("left out %q", got)
		}
		if got := w.skipped(last, dbtest.Start); !slices.Equal(got, []string{"7 " + reminder.MadeUpFor}) {
			t.Errorf("of all days left out %q", got)
		}
		w.pass(20 * day)
		if got := w.days(l, dbtest.Start); !slices.Equal(got, []int{13, 24}) {
			t.Errorf("then: %v", got)
		}
		w.wantStates(l, "at the end", "Ann stopped "+reminder.AllSent)
	})
}

func TestOffsetsNeedADueDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remind(reminder.Settings{Frequency: reminder.Weekly, Max: 1}, link.Limit{})
		for _, offsets := range [][]int64{{0}, {400}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}} { // without a date, too far, too many
			err := d.InTx(t.Context(), func(tx *db.Tx) error {
				return w.reminders.SetTx(t.Context(), tx, w.business, l.ID, &reminder.Settings{Offsets: offsets})
			})
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v: %v", offsets, err)
			}
			w.dueIn(l, 10)
		}
		w.set(l, &reminder.Settings{Offsets: []int64{-3}})
		w.send(l, w.mustCustomer("Ann"))
		w.dueIn(l, -1) // taken away: there is nothing to count from, nor to skip
		w.wantStates(l, "without a date", "Ann active")
		w.do(func(r *reminder.Reminders) error { return r.Skip(t.Context(), w.business, l.ID, "") })
		if got := w.skipped(l, dbtest.Start); len(got) > 0 {
			t.Errorf("without a date they skip %q", got)
		}
		w.pass(20 * day)
		if got := w.days(l, dbtest.Start); len(got) != 0 {
			t.Errorf("without a date: %v", got)
		}
	})
}
