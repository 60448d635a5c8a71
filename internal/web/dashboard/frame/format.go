package frame

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/visit"
)

// The dashboard speaks English; figures and dates follow it. Payers get theirs
// in their own language, elsewhere.

// Count writes a whole number with commas: 1,942.
func Count(n int64) string {
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

// IsoTime is an instant for machines.
func IsoTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Counted writes a number with the word that fits it: "1 view", "44 views".
func Counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Conversion writes payments ÷ views as a percentage with one decimal, "–"
// without views. More than 100 % is shown as it is.
func Conversion(payments, views int64) string {
	if views <= 0 {
		return "–"
	}
	return visit.PercentOf(payments, views).String() + "%"
}

// Percent writes part ÷ whole as a whole percentage, rounded half up.
func Percent(part, whole int64) string {
	if whole <= 0 {
		return "0%"
	}
	return strconv.FormatInt((part*200+whole)/(2*whole), 10) + "%"
}

// DateTime writes an instant as "18 Feb 2026, 10:42" in the place's time.
func DateTime(at time.Time, in *time.Location) string { return at.In(in).Format("2 Jan 2006, 15:04") }

// Date writes the day of an instant as "27 Jan 2026".
func Date(at time.Time, in *time.Location) string { return at.In(in).Format("2 Jan 2006") }

// Ago says how long before now an instant was: "2 hours ago", "yesterday".
func Ago(at, now time.Time, in *time.Location) string {
	passed := now.Sub(at)
	switch {
	case passed < time.Minute:
		return "just now"
	case passed < time.Hour:
		return Counted(int64(passed/time.Minute), "minute", "minutes") + " ago"
	case passed < 22*time.Hour:
		return Counted(int64(passed/time.Hour), "hour", "hours") + " ago"
	}
	days := DaysBetween(at.In(in), now.In(in))
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

// DaysBetween counts midnights, so that a day of 23 or 25 hours is one day.
func DaysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

// LabelOfCustomer names a customer in a field.
func LabelOfCustomer(c customer.Customer) string {
	label := cmp.Or(c.Name, c.Email)
	if c.Email != "" && c.Email != label {
		label += " – " + c.Email
	}
	return label
}
