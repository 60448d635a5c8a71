package calendar_test

import (
	"testing"
	"time"

	"smartlinks/internal/calendar"
)

func TestDaysAreReadInThePlace(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{
		"2026-02-18": "2026-02-17T23:00:00Z", " 2026-02-18 ": "2026-02-17T23:00:00Z", "2026-02-18T09:42:00+02:00": "2026-02-18T07:42:00Z",
		"1970-01-02": "1970-01-01T23:00:00Z", "1970-01-01": "1970-01-01T00:00:00Z", "1969-12-31T23:00:00-05:00": "1970-01-01T04:00:00Z",
		"1900-01-01": "1970-01-01T00:00:00Z", "0002-01-01T00:00:00Z": "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z": "9999-12-31T23:59:59Z",
		"0001-01-01": "", "0001-01-01T00:00:00Z": "", "0000-01-01": "", "0000-00-00": "", "9999-12-31T23:59:59-05:00": "",
		"": "", "yesterday": "", "2026-02-30": "", "18-02-2026": "", "2026-02-18T09:42:00": "",
	} {
		got, ok := calendar.ParseInstant(s, amsterdam)
		if text := got.UTC().Format(time.RFC3339); ok != (want != "") || ok && text != want {
			t.Errorf("%q is %s, %t, want %s", s, text, ok, want)
		}
		if calendar.FromStart(got) != (want == "" || want < "1970-01-02") {
			t.Errorf("%q: from the start is %t", s, calendar.FromStart(got))
		}
	}
}
