package reminder

import "time"

// civilDay is a day of the calendar, wherever.
type civilDay struct {
	year  int
	month time.Month
	day   int
}

func (d civilDay) noon() time.Time { return time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC) }

func (d civilDay) plusDays(n int) civilDay {
	t := d.noon().AddDate(0, 0, n)
	return civilDay{t.Year(), t.Month(), t.Day()}
}

// plusMonths keeps the day, or takes the month's last where it has none such.
func (d civilDay) plusMonths(n int) civilDay {
	first := time.Date(d.year, d.month+time.Month(n), 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return civilDay{first.Year(), first.Month(), min(d.day, last)}
}

func (d civilDay) weekend() bool {
	day := d.noon().Weekday()
	return day == time.Saturday || day == time.Sunday
}

// instant is a local time of a day in a zone, by the rule of RFC 5545, 3.3.5: a
// time that comes twice is the first of the two; one that is left out, because
// clocks go forward, is read by the offset before the gap, so it comes as much
// later.
func instant(d civilDay, minutes, seconds int, zone *time.Location) time.Time {
	wall := time.Date(d.year, d.month, d.day, 0, minutes, seconds, 0, time.UTC)
	before := wall.Add(-offset(wall.Add(-24*time.Hour), zone))
	after := wall.Add(-offset(wall.Add(24*time.Hour), zone))
	switch {
	case shows(before, wall, zone):
		return before
	case shows(after, wall, zone):
		return after
	}
	return before
}

func offset(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// shows reports whether clocks in the zone show the wall time at the instant.
func shows(at, wall time.Time, zone *time.Location) bool {
	local := at.In(zone)
	return local.Day() == wall.Day() && local.Hour() == wall.Hour() && local.Minute() == wall.Minute() && local.Second() == wall.Second()
}
