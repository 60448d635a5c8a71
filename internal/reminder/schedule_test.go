package reminder_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"smartlinks/internal/reminder"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// local is a wall time in a zone, as text.
func local(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01-02 15:04 Mon") }

func TestSchedulesByTheCalendar(t *testing.T) {
	for name, c := range map[string]struct {
		zone, anchor string
		settings     reminder.Settings
		want         []string
	}{
		"the example": {"Europe/Amsterdam", "2026-02-18 10:42", reminder.Settings{Frequency: reminder.Every2Days, Max: 5},
			[]string{"2026-02-20 10:42 Fri", "2026-02-22 10:42 Sun", "2026-02-24 10:42 Tue", "2026-02-26 10:42 Thu", "2026-02-28 10:42 Sat"}},
		"month ends": {"Europe/Amsterdam", "2026-01-31 09:00", reminder.Settings{Frequency: reminder.Monthly},
			[]string{"2026-02-28 09:00 Sat", "2026-03-31 09:00 Tue", "2026-04-30 09:00 Thu"}},
		"leap day": {"UTC", "2028-01-30 09:00", reminder.Settings{Frequency: reminder.Monthly},
			[]string{"2028-02-29 09:00 Tue", "2028-03-30 09:00 Thu"}},
		"clocks go forward": {"Europe/Amsterdam", "2026-03-27 02:30", reminder.Settings{Frequency: reminder.Daily},
			[]string{"2026-03-28 02:30 Sat", "2026-03-29 03:30 Sun", "2026-03-30 02:30 Mon"}},
		"clocks go back": {"America/New_York", "2026-10-30 01:30", reminder.Settings{Frequency: reminder.Daily},
			[]string{"2026-10-31 01:30 Sat", "2026-11-01 01:30 Sun", "2026-11-02 01:30 Mon"}},
		"behind the gap, west of Greenwich": {"America/New_York", "2026-03-06 03:30", reminder.Settings{Frequency: reminder.Daily},
			[]string{"2026-03-07 03:30 Sat", "2026-03-08 03:30 Sun", "2026-03-09 03:30 Mon"}},
		"half an hour": {"Australia/Lord_Howe", "2026-10-02 02:10", reminder.Settings{Frequency: reminder.Daily},
			[]string{"2026-10-03 02:10 Sat", "2026-10-04 02:40 Sun", "2026-10-05 02:10 Mon"}},
		"weekdays only": {"Europe/Amsterdam", "2026-02-19 16:00", reminder.Settings{Frequency: reminder.Daily, WeekdaysOnly: true},
			[]string{"2026-02-20 16:00 Fri", "2026-02-23 16:00 Mon", "2026-02-24 16:00 Tue"}},
		"quiet nights": {"Europe/Amsterdam", "2026-02-18 23:15", reminder.Settings{Frequency: reminder.Weekly, Quiet: &reminder.Quiet{From: 21 * 60, To: 8 * 60}},
			[]string{"2026-02-26 08:00 Thu", "2026-03-05 08:00 Thu"}},
		"quiet noons on weekdays": {"Europe/Amsterdam", "2026-02-13 12:30", reminder.Settings{Frequency: reminder.Weekly, WeekdaysOnly: true, Quiet: &reminder.Quiet{From: 12 * 60, To: 14 * 60}},
			[]string{"2026-02-20 14:00 Fri", "2026-02-27 14:00 Fri"}},
		"the first minute is quiet": {"UTC", "2026-02-13 12:00", reminder.Settings{Frequency: reminder.Weekly, Quiet: &reminder.Quiet{From: 12 * 60, To: 14 * 60}},
			[]string{"2026-02-20 14:00 Fri"}},
		"the last is not": {"UTC", "2026-02-13 14:00", reminder.Settings{Frequency: reminder.Weekly, Quiet: &reminder.Quiet{From: 12 * 60, To: 14 * 60}},
			[]string{"2026-02-20 14:00 Fri"}},
		"the first minute of a night": {"UTC", "2026-02-18 21:00", reminder.Settings{Frequency: reminder.Weekly, Quiet: &reminder.Quiet{From: 21 * 60, To: 8 * 60}},
			[]string{"2026-02-26 08:00 Thu"}},
		"within a night": {"UTC", "2026-02-18 03:00", reminder.Settings{Frequency: reminder.Weekly, Quiet: &reminder.Quiet{From: 21 * 60, To: 8 * 60}},
			[]string{"2026-02-25 08:00 Wed"}},
		"the end of a night": {"UTC", "2026-02-18 08:00", reminder.Settings{Frequency: reminder.Weekly, Quiet: &reminder.Quiet{From: 21 * 60, To: 8 * 60}},
			[]string{"2026-02-25 08:00 Wed"}},
	} {
		t.Run(name, func(t *testing.T) {
			zone := mustZone(t, c.zone)
			anchor, err := time.ParseInLocation("2006-01-02 15:04", c.anchor, zone)
			if err != nil {
				t.Fatal(err)
			}
			s := reminder.Schedule{Settings: c.settings, Anchor: anchor, Zone: zone}
			var got []string
			for _, due := range s.Dates(0, anchor, int64(len(c.want))) {
				got = append(got, local(due, zone))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
	zone := mustZone(t, "America/New_York")
	s := reminder.Schedule{Settings: reminder.Settings{Frequency: reminder.Daily}, Anchor: time.Date(2026, 10, 31, 1, 30, 0, 0, zone), Zone: zone}
	if _, seconds := s.At(1).In(zone).Zone(); seconds != -4*3600 {
		t.Errorf("a time that comes twice is the second one, at %s", s.At(1))
	}
}

// The days of a weekend share an instant: asked on one of them, the last is told.
func TestNextOnAWeekend(t *testing.T) {
	zone := mustZone(t, "UTC")
	s := reminder.Schedule{Settings: reminder.Settings{Frequency: reminder.Daily, WeekdaysOnly: true}, Anchor: time.Date(2026, 2, 18, 9, 0, 0, 0, zone), Zone: zone}
	k, due := s.Next(0, time.Date(2026, 2, 22, 17, 0, 0, 0, zone)) // a Sunday
	if k != 5 || local(due, zone) != "2026-02-23 09:00 Mon" {
		t.Errorf("%d at %s", k, local(due, zone))
	}
}

// zones are of all kinds: whole hours, halves, quarters, none, dates that were
// skipped, changes at midnight, and half-hour changes.
var zones = []string{
	"UTC", "Europe/Amsterdam", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "America/Caracas", "Asia/Kathmandu",
	"Asia/Kolkata", "Asia/Tehran", "Asia/Beirut", "Asia/Gaza", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Apia",
	"Pacific/Chatham", "Pacific/Kiritimati", "America/Asuncion", "America/Havana", "Atlantic/Azores", "Antarctica/Troll",
}

func anySchedule(t *rapid.T) reminder.Schedule {
	zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	s := reminder.Schedule{Zone: zone, Settings: reminder.Settings{
		Frequency: rapid.SampledFrom(reminder.Frequencies()).Draw(t, "frequency"), Max: 50, WeekdaysOnly: rapid.Bool().Draw(t, "weekdays only"),
	}}
	if rapid.Bool().Draw(t, "quiet") {
		from := rapid.Int64Range(0, 1439).Draw(t, "from")
		s.Quiet = &reminder.Quiet{From: from, To: (from + rapid.Int64Range(1, 1439).Draw(t, "for")) % 1440}
	}
	s.Anchor = time.Unix(rapid.Int64Range(1_600_000_000, 2_000_000_000).Draw(t, "anchor"), 0)
	return s
}

// Whatever the zone and the day: reminders come one after another, on allowed
// days and hours, at the same local time, and near the day of the grid.
func TestSchedulesKeepTheirPromisesInAllZones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule(t)
		start, before := s.Anchor.In(s.Zone), s.Anchor
		for k := range int64(60) {
			due := s.At(k + 1).In(s.Zone)
			if due.Before(before) {
				t.Fatalf("%d comes before %d: %s, %s", k+1, k, due, before)
			}
			before = due
			minutes := int64(due.Hour()*60 + due.Minute())
			gap := skipped(due)
			if s.WeekdaysOnly && (due.Weekday() == time.Saturday || due.Weekday() == time.Sunday) && !gap {
				t.Fatalf("on a %s", due.Weekday())
			}
			switch {
			case gap:
			case s.Quiet == nil:
				if due.Hour() != start.Hour() || due.Minute() != start.Minute() {
					t.Fatalf("%s is at another time than %s", due, start)
				}
			case quiet(*s.Quiet, minutes):
				t.Fatalf("%s is in quiet hours %+v", due, *s.Quiet)
			}
		}
	})
}

// skipped reports whether clocks were moved within a day of an instant, when a
// local time may not exist.
func skipped(at time.Time) bool {
	_, before := at.Add(-25 * time.Hour).Zone()
	_, after := at.Add(25 * time.Hour).Zone()
	return before != after
}

func quiet(q reminder.Quiet, minutes int64) bool {
	if q.From < q.To {
		return minutes >= q.From && minutes < q.To
	}
	return minutes >= q.From || minutes < q.To
}

// Next finds what a walk finds, also years later; and Latest what was missed.
func TestNextIsTheFirstAndLatestTheLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule(t)
		behind := rapid.Int64Range(0, 40).Draw(t, "behind")
		after := s.Anchor.Add(time.Duration(rapid.Int64Range(0, 400*24).Draw(t, "hours")) * time.Hour)
		k, due := s.Next(behind, after)
		if !due.After(after) || !s.At(k).Equal(due) || k <= behind {
			t.Fatalf("next is %d at %s, behind %d and %s", k, due, behind, after)
		}
		for i := behind + 1; i < k; i++ {
			if at := s.At(i); at.After(after) && !at.Equal(due) {
				t.Fatalf("%d at %s comes before %d at %s", i, at, k, due)
			}
		}
		if latest := s.Latest(behind, after); latest > behind && s.At(latest).After(after) || latest < behind {
			t.Fatalf("latest is %d at %s, at %s", latest, s.At(latest), after)
		}
	})
}
