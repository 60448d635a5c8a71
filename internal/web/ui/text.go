package ui

import (
	"strconv"
	"strings"
	"time"
)

// The layouts of dates in the dashboard.
const (
	layoutDate     = "2 Jan 2006"
	layoutDateTime = "2 Jan 2006, 15:04"
	layoutShort    = "2 Jan, 15:04"
)

// Date writes the day of t in zone: "18 Feb 2026".
func Date(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(layoutDate)
}

// DateTime writes t in zone: "18 Feb 2026, 10:42".
func DateTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(layoutDateTime)
}

// ShortDateTime leaves the year out while it is that of now: "4 Feb, 09:00".
func ShortDateTime(t, now time.Time, zone *time.Location) string {
	if t.In(zone).Year() == now.In(zone).Year() {
		return t.In(zone).Format(layoutShort)
	}
	return DateTime(t, zone)
}

// Ago writes how far t is from now, in the largest unit that fits, rounded
// down: "just now", "2 hours ago", "yesterday", "in 7 days". A day is 24 hours
// here, as the date itself stands beside it.
func Ago(t, now time.Time) string {
	apart := now.Sub(t)
	if apart < 0 {
		return ahead(-apart)
	}
	switch days := int(apart.Hours() / 24); {
	case apart < time.Minute:
		return "just now"
	case days == 1:
		return "yesterday"
	}
	return distance(apart) + " ago"
}

func ahead(apart time.Duration) string {
	switch days := int(apart.Hours() / 24); {
	case apart < time.Minute:
		return "in a moment"
	case days == 1:
		return "tomorrow"
	}
	return "in " + distance(apart)
}

func distance(apart time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case apart < time.Hour:
		return plural(int(apart/time.Minute), "minute")
	case apart < day:
		return plural(int(apart/time.Hour), "hour")
	case apart < 30*day:
		return plural(int(apart/day), "day")
	case apart < 365*day:
		return plural(int(apart/(30*day)), "month")
	}
	return plural(int(apart/(365*day)), "year")
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// Plural writes a number with its noun: Plural(1, "link", "links") is
// "1 link", Plural(1942, …) "1,942 links".
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Count writes a number with commas between thousands: "1,942".
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var out strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(digit)
	}
	return sign + out.String()
}

// Percent writes part of whole with one decimal, rounded half up: "7.1%". It
// may exceed 100%, and is "0.0%" of nothing. Neither may be negative.
func Percent(part, whole int64) string {
	if whole == 0 {
		return "0.0%"
	}
	tenths := (part*2000 + whole) / (2 * whole)
	return Count(tenths/10) + "." + strconv.FormatInt(tenths%10, 10) + "%"
}
