package transactions

import (
	"testing"
	"time"
)

// Ranges follow the calendar of the business, where days have 23 to 25 hours.
func TestRangesAreDaysOfTheCalendar(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	santiago, err := time.LoadLocation("America/Santiago") // its clocks go forward at midnight
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ now, name, first, end string }{
		{"2026-09-06T10:00:00-03:00", "today", "2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"},
		{"2026-09-05T10:00:00-04:00", "today", "2026-09-05T00:00:00-04:00", "2026-09-06T01:00:00-03:00"},
		{"2026-02-18T10:42:00+01:00", "today", "2026-02-18T00:00:00+01:00", "2026-02-19T00:00:00+01:00"},
		{"2026-02-18T23:30:00Z", "today", "2026-02-19T00:00:00+01:00", "2026-02-20T00:00:00+01:00"},
		{"2026-03-30T10:00:00+02:00", "7-days", "2026-03-24T00:00:00+01:00", "2026-03-31T00:00:00+02:00"},
		{"2026-03-30T10:00:00+02:00", "month", "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00"},
		{"2026-03-31T10:00:00+02:00", "last-month", "2026-02-01T00:00:00+01:00", "2026-03-01T00:00:00+01:00"},
		{"2026-01-01T00:00:00+01:00", "last-month", "2025-12-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		zone := amsterdam
		if c.now[19] == '-' {
			zone = santiago
		}
		var f TransactionFilter
		f.setRange(c.name, now.In(zone))
		if first, end := f.firstDay.Format(time.RFC3339), f.endDay.Format(time.RFC3339); first != c.first || end != c.end || f.Range != c.name {
			t.Errorf("%s at %s is %s to %s (%q), not %s to %s", c.name, c.now, first, end, f.Range, c.first, c.end)
		}
	}
}
