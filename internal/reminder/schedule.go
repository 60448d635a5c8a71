package reminder

import "time"

// Schedule is the grid of a plan: what it counts from, and how, in a zone.
// Occurrence 0 is the anchor itself.
type Schedule struct {
	Settings
	Anchor time.Time
	Zone   *time.Location
}

// At is when an occurrence falls due: on its day, at the anchor's local time,
// later where that is quiet or a weekend. Months are counted from the anchor,
// so that the 31st comes back after a short month; there the last day is taken.
func (s Schedule) At(occurrence int64) time.Time {
	if len(s.Offsets) > 0 {
		return s.atOffset(occurrence)
	}
	start := s.Anchor.In(s.Zone)
	day := civilDay{start.Year(), start.Month(), start.Day()}
	if n := s.Frequency.days(); n > 0 {
		day = day.plusDays(n * int(occurrence))
	} else {
		day = day.plusMonths(int(occurrence))
	}
	minutes := start.Hour()*60 + start.Minute()
	day, minutes, moved := s.tolerated(day, minutes)
	seconds := start.Second()
	if moved {
		seconds = 0
	}
	return instant(day, minutes, seconds, s.Zone)
}

// tolerated moves a time out of quiet hours and weekends, forward.
func (s Schedule) tolerated(day civilDay, minutes int) (civilDay, int, bool) {
	moved := false
	if q := s.Quiet; q != nil && q.holds(int64(minutes)) {
		if int64(minutes) >= q.To { // they end on the next day
			day = day.plusDays(1)
		}
		minutes, moved = int(q.To), true
	}
	for s.WeekdaysOnly && day.weekend() {
		day = day.plusDays(1)
	}
	return day, minutes, moved
}

func (q Quiet) holds(minutes int64) bool {
	if q.From < q.To {
		return minutes >= q.From && minutes < q.To
	}
	return minutes >= q.From || minutes < q.To
}

// Next is the first occurrence behind one that falls due after an instant, and
// when. Occurrences that fell on the same instant, as a weekend's do, are one:
// the last of them is told. Where reminders go out on days around the due date, zero says
// that none is left.
func (s Schedule) Next(behind int64, after time.Time) (occurrence int64, due time.Time) {
	if len(s.Offsets) > 0 {
		return s.nextOffset(behind, after)
	}
	occurrence = max(behind+1, s.guess(after))
	for occurrence > behind+1 && s.At(occurrence-1).After(after) {
		occurrence--
	}
	for due = s.At(occurrence); !due.After(after); due = s.At(occurrence) {
		occurrence++
	}
	for s.At(occurrence + 1).Equal(due) {
		occurrence++
	}
	return occurrence, due
}

// guess is an occurrence near an instant, so that finding it costs the same
// after years.
func (s Schedule) guess(at time.Time) int64 {
	days := int64(at.Sub(s.Anchor) / (24 * time.Hour))
	if n := int64(s.Frequency.days()); n > 0 {
		return days / n
	}
	return days / 31
}

// Latest is the last occurrence behind one that is due at an instant: those
// before it were missed, and are made up for by this one.
func (s Schedule) Latest(behind int64, at time.Time) int64 {
	if len(s.Offsets) > 0 {
		return s.latestOffset(behind, at)
	}
	next, _ := s.Next(behind, at)
	for next--; next > behind && s.At(next).After(at); next-- {
	}
	return max(next, behind)
}

// Dates are the next n instants behind an occurrence and an instant.
func (s Schedule) Dates(behind int64, after time.Time, n int64) []time.Time {
	var dates []time.Time
	for range n {
		var due time.Time
		if behind, due = s.Next(behind, after); due.IsZero() {
			break
		}
		dates = append(dates, due)
		after = due
	}
	return dates
}
