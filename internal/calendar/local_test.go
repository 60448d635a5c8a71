package calendar_test

import (
	"testing"
	"time"

	"smartlinks/internal/calendar"
)

func TestLocalTimesRightAcrossTheChangeOfClocks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-12-01T09:00":          "2026-12-01T08:00:00Z",
		"2026-07-01T09:00":          "2026-07-01T07:00:00Z",
		"2026-03-29T02:30":          "2026-03-29T01:00:00Z", // left out: 03:00 is the next minute there is
		"2026-03-29T03:00":          "2026-03-29T01:00:00Z",
		"2026-10-25T02:30":          "2026-10-25T00:30:00Z", // comes twice: the first
		"2026-12-01T09:00:00+05:00": "2026-12-01T04:00:00Z",
	} {
		at, err := calendar.ParseLocal(text, zone)
		if err != nil || at.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s is %s, want %s (%v)", text, at.UTC().Format(time.RFC3339), want, err)
		}
	}
	if _, err := calendar.ParseLocal("tomorrow", zone); err == nil {
		t.Error("tomorrow is read")
	}
}

// Chile and Cuba move their clocks at midnight, west of Greenwich, Egypt and Lebanon east of it.
func TestADayWithoutMidnightBeginsBehindTheGap(t *testing.T) {
	for name, days := range map[string][2]string{
		"America/Santiago": {"2026-09-06", "2026-09-06T01:00:00-03:00"}, "America/Havana": {"2026-03-08", "2026-03-08T01:00:00-04:00"},
		"Africa/Cairo": {"2026-04-24", "2026-04-24T01:00:00+03:00"}, "Asia/Beirut": {"2026-03-29", "2026-03-29T01:00:00+03:00"},
		"America/Asuncion": {"2023-10-01", "2023-10-01T01:00:00-03:00"}, "Europe/Amsterdam": {"2026-03-29", "2026-03-29T00:00:00+01:00"},
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		day, ok := calendar.ParseDay(days[0], zone)
		if got := day.Format(time.RFC3339); !ok || got != days[1] {
			t.Errorf("%s: %s begins at %s", name, days[0], got)
		}
		if got := calendar.Day(day.Add(20*time.Hour), 0); !got.Equal(day) {
			t.Errorf("%s: the day of %s begins at %s", name, days[0], got)
		}
		for at, want := range map[time.Time]string{
			calendar.Day(day, 1): day.Add(26 * time.Hour).Format(time.DateOnly), calendar.Day(day, -1): day.Add(-20 * time.Hour).Format(time.DateOnly),
			calendar.Month(day, 0): day.Format("2006-01-02")[:8] + "01", calendar.Month(day, 1): day.AddDate(0, 1, 1-day.Day()).Format(time.DateOnly),
		} {
			wantHour := 0
			if want == days[0] {
				wantHour = day.Hour()
			}
			if at.Format(time.DateOnly) != want || at.Hour() != wantHour {
				t.Errorf("%s: behind or before %s is %s, want the start of %s", name, days[0], at, want)
			}
		}
	}
}
