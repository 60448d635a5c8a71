package links

import (
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// The periods that the page of figures offers; all is the whole life of a link.
var analyticsRanges = []struct{ key, label string }{
	{"7", i18n.Mark("7 days")}, {"30", i18n.Mark("30 days")}, {"90", i18n.Mark("90 days")}, {"365", i18n.Mark("12 months")}, {"all", i18n.Mark("All")},
}

// maxSpan bounds a period that somebody types, in days.
const maxSpan = 10 * 366

// chosenSpan is which days the page is about.
type chosenSpan struct {
	visit.Span
	Key      string // of the range, "" for dates that were typed
	From, To string // as typed, or as they are
	Wrong    map[string]string
}

// spanFrom reads days=7|30|90|365|all, or from and to as dates. What cannot be
// meant is said, and thirty days are shown.
func spanFrom(reader frame.Reader, q url.Values, now time.Time, zone *time.Location, first int64) chosenSpan {
	c := chosenSpan{Key: q.Get("days"), Span: visit.LastDays(30, now, zone), Wrong: map[string]string{}}
	today := c.Last
	switch n, err := strconv.Atoi(c.Key); {
	case q.Get("from") != "" || q.Get("to") != "":
		c.Key = ""
		c.read(reader, q, first, today)
	case c.Key == "all":
		c.Span = visit.Span{First: max(min(first, today), today-maxSpan+1), Last: today}
	case err == nil && (n == 7 || n == 90 || n == 365):
		c.Span = visit.LastDays(n, now, zone)
	default:
		c.Key = "30"
	}
	if c.From == "" && c.To == "" {
		c.From, c.To = visit.Date(c.First).Format(time.DateOnly), visit.Date(c.Last).Format(time.DateOnly)
	}
	return c
}

// read takes the dates that were typed. From 1970 on means since the first figures.
func (c *chosenSpan) read(reader frame.Reader, q url.Values, first, today int64) {
	c.From, c.To = q.Get("from"), q.Get("to")
	day := func(field, text string) time.Time {
		date, ok := calendar.ParseDay(text, time.UTC)
		if !ok {
			c.Wrong[field] = reader.T("Choose a date, such as {{.Date}}.", "Date", visit.Date(today).Format(time.DateOnly))
		}
		return date
	}
	from, to := day("from", c.From), day("to", c.To)
	span := visit.Span{First: visit.DayOf(from), Last: visit.DayOf(to)}
	if calendar.FromStart(from) && len(c.Wrong) == 0 {
		span.First = min(first, span.Last)
		c.From = visit.Date(span.First).Format(time.DateOnly)
	}
	switch {
	case len(c.Wrong) > 0:
	case span.Last < span.First:
		c.Wrong["to"] = reader.T("Choose a day on or after the first.")
	case span.Count() > maxSpan:
		c.Wrong["from"] = reader.T("Choose at most ten years.")
	default:
		c.Span = span
	}
}

func (c chosenSpan) tabs(reader frame.Reader, href string) []ui.Tab {
	var tabs []ui.Tab
	for _, r := range analyticsRanges {
		tabs = append(tabs, ui.Tab{Label: reader.T(r.label), Href: href + "?days=" + r.key, Current: r.key == c.Key})
	}
	return tabs
}

// query is the same period in an address.
func (c chosenSpan) query() url.Values {
	if c.Key != "" {
		return url.Values{"days": {c.Key}}
	}
	return url.Values{"from": {c.From}, "to": {c.To}}
}

// words are the days as people write them: "20 Jan – 18 Feb 2026".
func words(reader frame.Reader, s visit.Span) string {
	return reader.Span(visit.Date(s.First), visit.Date(s.Last))
}
