package calendar

import "time"

// Local is the instant at which clocks in the zone show a day and a time of the day. A
// time that comes twice, because clocks go back, is the first of the two; one that is
// left out, because they go forward, is the first minute behind the gap.
func Local(year int, month time.Month, day, hour, minute int, zone *time.Location) time.Time {
	wall := time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	before := wall.Add(-offsetAt(wall.Add(-24*time.Hour), zone)).In(zone)
	if showsWall(before, wall) {
		return before
	}
	if after := wall.Add(-offsetAt(wall.Add(24*time.Hour), zone)).In(zone); showsWall(after, wall) {
		return after
	}
	start, _ := before.ZoneBounds()
	return start
}

// Day is the first instant of the day that is so many days behind that of at, in its zone:
// some places move their clocks at midnight, and then it is one in the morning.
func Day(at time.Time, behind int) time.Time {
	return Local(at.Year(), at.Month(), at.Day()+behind, 0, 0, at.Location())
}

// Month is the first instant of the month that is so many months behind that of at, in its zone.
func Month(at time.Time, behind int) time.Time {
	return Local(at.Year(), at.Month()+time.Month(behind), 1, 0, 0, at.Location())
}

// ParseLocal reads an instant with its offset (RFC 3339), or a local time of the zone
// like "2026-12-01T09:00", by the rule of Local.
func ParseLocal(text string, zone *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	wall, err := time.Parse("2006-01-02T15:04", text)
	if err != nil {
		if wall, err = time.Parse("2006-01-02T15:04:05", text); err != nil { // browsers may send seconds
			return time.Time{}, err
		}
	}
	return Local(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), zone), nil
}

func offsetAt(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

func showsWall(local, wall time.Time) bool {
	return local.Day() == wall.Day() && local.Hour() == wall.Hour() && local.Minute() == wall.Minute()
}
