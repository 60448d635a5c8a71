package ui

import (
	"testing"
	"time"
)

func TestAgoUsesTheLargestUnitThatFits(t *testing.T) {
	now := time.Date(2026, 2, 18, 12, 45, 0, 0, time.UTC)
	cases := map[time.Duration]string{
		0:                     "just now",
		59 * time.Second:      "just now",
		time.Minute:           "1 minute ago",
		59 * time.Minute:      "59 minutes ago",
		2 * time.Hour:         "2 hours ago",
		23 * time.Hour:        "23 hours ago",
		24 * time.Hour:        "yesterday",
		47 * time.Hour:        "yesterday",
		14 * 24 * time.Hour:   "14 days ago",
		65 * 24 * time.Hour:   "2 months ago",
		800 * 24 * time.Hour:  "2 years ago",
		-30 * time.Second:     "in a moment",
		-90 * time.Minute:     "in 1 hour",
		-25 * time.Hour:       "tomorrow",
		-7 * 24 * time.Hour:   "in 7 days",
		-400 * 24 * time.Hour: "in 1 year",
	}
	for apart, want := range cases {
		if got := Ago(now.Add(-apart), now); got != want {
			t.Errorf("%v: got %q, want %q", apart, got, want)
		}
	}
}

func TestDatesAreWrittenInTheZoneOfTheBusiness(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	lateInLondon := time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)
	now := time.Date(2026, 2, 18, 12, 0, 0, 0, time.UTC)
	if got, want := DateTime(lateInLondon, amsterdam), "1 Jan 2026, 00:30"; got != want {
		t.Errorf("DateTime: got %q, want %q", got, want)
	}
	if got, want := ShortDateTime(lateInLondon, now, amsterdam), "1 Jan, 00:30"; got != want {
		t.Errorf("ShortDateTime in the year of now: got %q, want %q", got, want)
	}
	if got, want := ShortDateTime(lateInLondon, now, time.UTC), "31 Dec 2025, 23:30"; got != want {
		t.Errorf("ShortDateTime in another year: got %q, want %q", got, want)
	}
}

func TestFigures(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1942: "1,942", 1234567: "1,234,567", -1000: "-1,000", -999: "-999"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	percents := []struct {
		part, whole int64
		want        string
	}{{138, 1942, "7.1%"}, {5, 128, "3.9%"}, {0, 0, "0.0%"}, {3, 2, "150.0%"}, {1, 8, "12.5%"}, {2, 3, "66.7%"}}
	for _, c := range percents {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}
