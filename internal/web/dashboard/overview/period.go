package overview

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// dateSpan writes days by the first and the last.
func dateSpan(reader frame.Reader, days visit.Span) string {
	return reader.Span(visit.Date(days.First), visit.Date(days.Last))
}

func overviewRanges(reader frame.Reader, base string, q url.Values, current int) []ui.Tab {
	var tabs []ui.Tab
	for _, n := range []int{7, 30, 90} {
		days := strconv.Itoa(n)
		tabs = append(tabs, ui.Tab{Label: reader.N(int64(n), "{{.Count}} day", "{{.Count}} days"), Href: overviewHref(base, q, "days", days), Current: n == current, Attrs: swapOverview()})
	}
	return tabs
}

// moneyOf are the currencies in which money came, the business's own first.
func moneyOf(own money.Currency, series map[string][]visit.DayFigures) []money.Currency {
	all := []money.Currency{own}
	for _, c := range slices.Sorted(maps.Keys(series)) {
		if c != "" && c != string(own) {
			all = append(all, money.Currency(c))
		}
	}
	return all
}

// currencyFrom is the currency that the overview speaks of.
func currencyFrom(q url.Values, own money.Currency, series map[string][]visit.DayFigures) money.Currency {
	if asked := money.Currency(q.Get("currency")); slices.Contains(moneyOf(own, series), asked) {
		return asked
	}
	return own
}

// currencyTabs choose between currencies, which are never added up.
func currencyTabs(base string, q url.Values, current money.Currency, series map[string][]visit.DayFigures) []ui.Tab {
	all := moneyOf(current, series)
	if len(all) == 1 {
		return nil
	}
	slices.Sort(all)
	var tabs []ui.Tab
	for _, c := range all {
		tabs = append(tabs, ui.Tab{Label: string(c), Href: overviewHref(base, q, "currency", string(c)), Current: c == current, Attrs: swapOverview()})
	}
	return tabs
}

// shortTime writes an instant of today as "10:42", of the day before as
// "Yesterday", and else as "4 Feb".
func shortTime(reader frame.Reader, at, now time.Time, zone *time.Location) string {
	switch frame.DaysBetween(at.In(zone), now.In(zone)) {
	case 0:
		return reader.Time(at, zone)
	case 1:
		return reader.T("Yesterday")
	}
	if at.In(zone).Year() == now.In(zone).Year() {
		return reader.ShortDate(at, zone)
	}
	return reader.Date(at, zone)
}
