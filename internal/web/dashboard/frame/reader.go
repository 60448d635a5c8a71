package frame

import (
	"context"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
)

// Reader is whoever reads a page: it writes texts, amounts, figures and dates as their
// language does. A Scope is one; where there is none, ReaderOf takes it from the context.
type Reader struct{ i18n.Translator }

// ReaderOf is the reader of what the context is for.
func ReaderOf(ctx context.Context) Reader { return Reader{i18n.TranslatorOf(ctx)} }

// Line puts short texts into one line: MT940 · NL91 ABNA 0417 1643 00 · 4 entries.
func (r Reader) Line(parts ...string) string {
	isolated := make([]string, len(parts))
	for i, part := range parts {
		isolated[i] = r.Isolate(part)
	}
	return strings.Join(isolated, " · ")
}

// Money writes an amount: €1,234.50.
func (r Reader) Money(a money.Amount) string { return a.Format(r.Lang()) }

// Date writes the day of an instant: 27 Jan 2026.
func (r Reader) Date(at time.Time, zone *time.Location) string {
	return calendar.Date(at, zone, r.Lang())
}

// Day writes a day that is kept like 2026-01-27: 27 Jan 2026, and nothing for what is none.
func (r Reader) Day(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return r.Date(at, time.UTC)
}

// DateTime writes an instant to the minute: 18 Feb 2026, 10:42.
func (r Reader) DateTime(at time.Time, zone *time.Location) string {
	return calendar.DateTime(at, zone, r.Lang())
}

// DateTimeSeconds writes an instant to the second: 18 Feb 2026, 10:42:07.
func (r Reader) DateTimeSeconds(at time.Time, zone *time.Location) string {
	return calendar.DateTimeSeconds(at, zone, r.Lang())
}

// ShortDateTime leaves the year out while it is that of now: 4 Feb, 09:00.
func (r Reader) ShortDateTime(at, now time.Time, zone *time.Location) string {
	if at.In(zone).Year() == now.In(zone).Year() {
		return calendar.ShortDateTime(at, zone, r.Lang())
	}
	return r.DateTime(at, zone)
}

// ShortDate is the day without its year: 4 Feb.
func (r Reader) ShortDate(at time.Time, zone *time.Location) string {
	return calendar.ShortDate(at, zone, r.Lang())
}

// Time is the time of the day: 10:42.
func (r Reader) Time(at time.Time, zone *time.Location) string {
	return calendar.Time(at, zone, r.Lang())
}

// Weekday is the day with its weekday, without its year: Wed 4 Feb.
func (r Reader) Weekday(at time.Time, zone *time.Location) string {
	return calendar.Weekday(at, zone, r.Lang())
}

// Span is a row of days by the first and the last: 4 Feb – 3 Mar 2026.
func (r Reader) Span(first, last time.Time) string {
	begin := r.ShortDate(first, time.UTC)
	switch {
	case first.Equal(last):
		return r.Date(last, time.UTC)
	case first.Year() != last.Year():
		begin = r.Date(first, time.UTC)
	}
	return begin + " – " + r.Date(last, time.UTC)
}

// Conversion writes payments ÷ views as a percentage with one decimal, "–" without views. More
// than 100 % is shown as it is.
func (r Reader) Conversion(payments, views int64) string {
	if views <= 0 {
		return "–"
	}
	return money.Percent(visit.PercentOf(payments, views).String(), r.Lang())
}

// Percent writes part ÷ whole as a whole percentage, rounded half up.
func (r Reader) Percent(part, whole int64) string {
	if whole <= 0 {
		return money.Percent("0", r.Lang())
	}
	return money.Percent(strconv.FormatInt((part*200+whole)/(2*whole), 10), r.Lang())
}

// List writes words one after the other: "10 times, weekdays only".
func (r Reader) List(words []string) string {
	if r.Lang() == "ar" {
		return strings.Join(words, "، ")
	}
	return strings.Join(words, ", ")
}

// Ago says how long before now an instant was, by the midnights between: "2 hours ago",
// "yesterday".
func (r Reader) Ago(at, now time.Time, zone *time.Location) string {
	passed := now.Sub(at)
	switch {
	case passed < time.Minute:
		return r.T("just now")
	case passed < time.Hour:
		return r.N(int64(passed/time.Minute), "{{.Count}} minute ago", "{{.Count}} minutes ago")
	case passed < 22*time.Hour:
		return r.N(int64(passed/time.Hour), "{{.Count}} hour ago", "{{.Count}} hours ago")
	}
	switch days := int64(DaysBetween(at.In(zone), now.In(zone))); {
	case days <= 1:
		return r.T("yesterday")
	case days < 60:
		return r.N(days, "{{.Count}} day ago", "{{.Count}} days ago")
	case days < 730:
		return r.N(days/30, "{{.Count}} month ago", "{{.Count}} months ago")
	default:
		return r.N(days/365, "{{.Count}} year ago", "{{.Count}} years ago")
	}
}

// Distance says how far an instant is from now, before or ahead, in days of 24 hours, as the
// date itself stands beside it: "2 hours ago", "in 7 days".
func (r Reader) Distance(at, now time.Time) string {
	const day = 24 * time.Hour
	apart := now.Sub(at)
	if apart < 0 {
		return r.ahead(-apart)
	}
	switch {
	case apart < time.Minute:
		return r.T("just now")
	case apart < time.Hour:
		return r.N(int64(apart/time.Minute), "{{.Count}} minute ago", "{{.Count}} minutes ago")
	case apart < day:
		return r.N(int64(apart/time.Hour), "{{.Count}} hour ago", "{{.Count}} hours ago")
	case apart < 2*day:
		return r.T("yesterday")
	case apart < 30*day:
		return r.N(int64(apart/day), "{{.Count}} day ago", "{{.Count}} days ago")
	case apart < 365*day:
		return r.N(int64(apart/(30*day)), "{{.Count}} month ago", "{{.Count}} months ago")
	}
	return r.N(int64(apart/(365*day)), "{{.Count}} year ago", "{{.Count}} years ago")
}

func (r Reader) ahead(apart time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case apart < time.Minute:
		return r.T("in a moment")
	case apart < time.Hour:
		return r.N(int64(apart/time.Minute), "in {{.Count}} minute", "in {{.Count}} minutes")
	case apart < day:
		return r.N(int64(apart/time.Hour), "in {{.Count}} hour", "in {{.Count}} hours")
	case apart < 2*day:
		return r.T("tomorrow")
	case apart < 30*day:
		return r.N(int64(apart/day), "in {{.Count}} day", "in {{.Count}} days")
	case apart < 365*day:
		return r.N(int64(apart/(30*day)), "in {{.Count}} month", "in {{.Count}} months")
	}
	return r.N(int64(apart/(365*day)), "in {{.Count}} year", "in {{.Count}} years")
}
