package calendar

import (
	"strings"
	"time"
)

// epoch is the start of Unix time. Nothing of ours is older.
var epoch = time.Unix(0, 0).UTC()

// ParseDay reads a day like 2026-02-18 as its first instant in the zone. False is what
// is no day, and the year 1, in which programs have their missing times.
//
// Days before 1970 become its first instant: nothing of ours is older, so they mean
// everything, or nothing, as much as it does.
func ParseDay(s string, zone *time.Location) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	return bounded(Local(day.Year(), day.Month(), day.Day(), 0, 0, zone), err)
}

// ParseInstant reads a time like 2026-02-18T09:42:00Z (RFC 3339), or a day as ParseDay.
func ParseInstant(s string, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return bounded(at, nil)
	}
	return ParseDay(s, zone)
}

// FromStart reports whether what begins at the instant has no beginning: 1970 and
// earlier is how programs ask for all.
func FromStart(at time.Time) bool { return !at.After(epoch.Add(24 * time.Hour)) }

func bounded(at time.Time, err error) (time.Time, bool) {
	if err != nil || !Sane(at) {
		return time.Time{}, false
	}
	if at.Before(epoch) {
		return epoch, true
	}
	return at, true
}

// Sane reports whether a time was meant: not the year 1, whose first instant is how
// programs write that there is none, and nothing that RFC 3339 can't write in UTC.
func Sane(at time.Time) bool {
	year := at.UTC().Year()
	return year > 1 && year <= 9999
}
