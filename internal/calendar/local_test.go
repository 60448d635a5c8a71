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
