package frame

import (
	"strings"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
)

// localLayout is how a datetime-local input writes an instant.
const localLayout = "2006-01-02T15:04"

// LocalTime is an instant for a datetime-local input, "" for none.
func LocalTime(at *time.Time, zone *time.Location) string {
	if at == nil {
		return ""
	}
	return at.In(zone).Format(localLayout)
}

// InstantFrom reads a day and a time in zone, nil when nothing was typed. What can't be
// read is noted under name.
func InstantFrom(text string, zone *time.Location, name string, unread *fault.Fields) *time.Time {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if len(text) > len(localLayout) { // browsers may send seconds
		text = text[:len(localLayout)]
	}
	at, err := calendar.ParseLocal(text, zone)
	if err != nil {
		unread.Add(name, "", "Enter a day and a time, like 2026-03-01 09:00.")
		return nil
	}
	return &at
}
