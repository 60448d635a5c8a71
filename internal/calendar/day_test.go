package calendar_test

import (
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
)

// Clocks go forward at midnight in Santiago, Havana, the Azores, Cairo and Beirut: a day
// begins at 01:00 there once a year. Every zone is asked around every change of its clocks.
func TestADayBeginsWithItsFirstInstant(t *testing.T) {
	late := 0
	for _, name := range business.TimeZones() {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := time.Date(2024, 1, 1, 0, 0, 0, 0, zone); at.Year() < 2029; {
			_, change := at.ZoneBounds()
			if change.IsZero() {
				break
			}
			for n := -1; n <= 2; n++ {
				date := time.Date(change.Year(), change.Month(), change.Day()+n, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
				start, ok := calendar.ParseDay(date, zone)
				if before := start.Add(-time.Nanosecond); !ok || start.Format(time.DateOnly) != date || before.Format(time.DateOnly) >= date {
					t.Fatalf("%s: %s begins at %s", name, date, start)
				}
				if next := calendar.Day(start, 1); next.Add(-time.Nanosecond).Format(time.DateOnly) != date {
					t.Fatalf("%s: the day behind %s begins at %s", name, date, next)
				}
				if start.Hour() > 0 {
					late++
				}
			}
			at = change
		}
	}
	if late < 5 {
		t.Errorf("%d days begin later than 00:00: the zones are not those of the world", late)
	}
}
