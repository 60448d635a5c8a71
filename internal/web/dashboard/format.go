package dashboard

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/visit"
)

// The dashboard speaks English; figures and dates follow it. Payers get theirs
// in their own language, elsewhere.

// count writes a whole number with commas: 1,942.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// isoTime is an instant for machines.
func isoTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// counted writes a number with the word that fits it: "1 view", "44 views".
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// conversion writes payments ÷ views as a percentage with one decimal, "–"
// without views. More than 100 % is shown as it is.
func conversion(payments, views int64) string {
	if views <= 0 {
		return "–"
	}
	return visit.PercentOf(payments, views).String() + "%"
}

// share writes part ÷ whole as a whole percentage, rounded half up.
func share(part, whole int64) string {
	if whole <= 0 {
		return "0%"
	}
	return strconv.FormatInt((part*200+whole)/(2*whole), 10) + "%"
}

// dateTime writes an instant as "18 Feb 2026, 10:42" in the place's time.
func dateTime(at time.Time, in *time.Location) string { return at.In(in).Format("2 Jan 2006, 15:04") }

// date writes the day of an instant as "27 Jan 2026".
func date(at time.Time, in *time.Location) string { return at.In(in).Format("2 Jan 2006") }

// ago says how long before now an instant was: "2 hours ago", "yesterday".
func ago(at, now time.Time, in *time.Location) string {
	passed := now.Sub(at)
	switch {
	case passed < time.Minute:
		return "just now"
	case passed < time.Hour:
		return counted(int64(passed/time.Minute), "minute", "minutes") + " ago"
	case passed < 22*time.Hour:
		return counted(int64(passed/time.Hour), "hour", "hours") + " ago"
	}
	days := daysBetween(at.In(in), now.In(in))
	switch {
	case days <= 1:
		return "yesterday"
	case days < 60:
		return fmt.Sprintf("%d days ago", days)
	case days < 730:
		return fmt.Sprintf("%d months ago", days/30)
	}
	return fmt.Sprintf("%d years ago", days/365)
}

// daysBetween counts midnights, so that a day of 23 or 25 hours is one day.
func daysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}
