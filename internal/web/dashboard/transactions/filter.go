package transactions

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/customer"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// TransactionFilter is what the list is narrowed to, as the address says it.
type TransactionFilter struct {
	Query            string
	Spelt            string // of the query: another letter than was typed, because that found nothing
	Statuses         []string
	Provider         string
	Mode             business.Mode
	Link, Customer   string
	Range            string // of days that follow the calendar, "" for all or for those below
	From, To         string // days, both included, that were chosen
	ownMode          business.Mode
	Sort             string
	Currency         money.Currency
	Language         string // in which amounts are typed
	firstDay, endDay time.Time
}

// transactionFilterFrom reads the address; what it can't read is left out.
// Without a mode it is the business's.
func transactionFilterFrom(q url.Values, scope *frame.Scope) TransactionFilter {
	b := scope.Business
	f := TransactionFilter{
		Query: strings.TrimSpace(q.Get("q")), Provider: q.Get("provider"), Link: q.Get("link"), Customer: q.Get("customer"),
		Mode: b.Mode, ownMode: b.Mode, Sort: frame.OneOf(q.Get("sort"), "started", "amount", "-amount"), Currency: b.Currency, Language: scope.Lang(),
	}
	for _, s := range history.Statuses() {
		if slices.Contains(q["status"], string(s)) {
			f.Statuses = append(f.Statuses, string(s))
		}
	}
	if m := business.Mode(q.Get("mode")); m == business.Live || m == business.Test {
		f.Mode = m
	}
	f.From, f.firstDay = dayFrom(q.Get("from"), b.Location())
	var last time.Time
	if f.To, last = dayFrom(q.Get("to"), b.Location()); f.To != "" {
		f.endDay = calendar.Day(last, 1)
	}
	if f.From+f.To == "" {
		f.setRange(q.Get("range"), scope.Now.In(b.Location()))
	}
	return f
}

// The ranges that follow the calendar.
const (
	today     = "today"
	sevenDays = "7-days"
	thisMonth = "month"
	lastMonth = "last-month"
)

// setRange narrows to the days of a range, today being that of now.
func (f *TransactionFilter) setRange(name string, now time.Time) {
	switch name {
	case today:
		f.firstDay, f.endDay = calendar.Day(now, 0), calendar.Day(now, 1)
	case sevenDays:
		f.firstDay, f.endDay = calendar.Day(now, -6), calendar.Day(now, 1)
	case thisMonth:
		f.firstDay, f.endDay = calendar.Month(now, 0), calendar.Month(now, 1)
	case lastMonth:
		f.firstDay, f.endDay = calendar.Month(now, -1), calendar.Month(now, 0)
	default:
		return
	}
	f.Range = name
}

// ranges lead to the same list of other days.
func (f TransactionFilter) ranges(reader frame.Reader, base string) []ui.Tab {
	var tabs []ui.Tab
	chosen := f.From+f.To != ""
	for _, r := range []struct{ name, label string }{
		{"", reader.T("All time")}, {today, reader.T("Today")}, {sevenDays, reader.N(7, "{{.Count}} day", "{{.Count}} days")}, {thisMonth, reader.T("This month")}, {lastMonth, reader.T("Last month")},
	} {
		other := f
		other.Range, other.From, other.To = r.name, "", ""
		tabs = append(tabs, ui.Tab{Label: r.label, Href: frame.WithQuery(base, other.query(), "", ""), Current: !chosen && f.Range == r.name, Attrs: frame.SwapList()})
	}
	return tabs
}

// days says which days were chosen, "" for none.
func (f TransactionFilter) days(reader frame.Reader) string {
	day := func(s string) time.Time {
		at, _ := calendar.ParseDay(s, time.UTC)
		return at
	}
	switch {
	case f.From != "" && f.To != "":
		return reader.Span(day(f.From), day(f.To))
	case f.From != "":
		return reader.T("From {{.Day}}", "Day", reader.Date(day(f.From), time.UTC))
	case f.To != "":
		return reader.T("Up to {{.Day}}", "Day", reader.Date(day(f.To), time.UTC))
	}
	return reader.T("Other days")
}

// dayFrom reads a day of a date input in the business's zone.
func dayFrom(s string, zone *time.Location) (string, time.Time) {
	at, ok := calendar.ParseDay(s, zone)
	if !ok {
		return "", time.Time{}
	}
	return strings.TrimSpace(s), at
}

// Any tells whether anything is left out of the list, but for the mode.
func (f TransactionFilter) Any() bool {
	return f.Query+f.Provider+f.Link+f.Customer+f.Range+f.From+f.To != "" || len(f.Statuses) > 0
}

// query is the address of this filter, without what is not set.
func (f TransactionFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Query, "provider": f.Provider, "link": f.Link, "customer": f.Customer, "range": f.Range, "from": f.From, "to": f.To, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(f.Statuses) > 0 {
		q["status"] = f.Statuses
	}
	if f.Mode != f.ownMode {
		q.Set("mode", string(f.Mode))
	}
	return q
}

// Amount is what is searched for, if it is an amount: as the dashboard shows it,
// and as people type it elsewhere.
func (f TransactionFilter) Amount() money.Amount {
	a, err := money.ParseTypedIn(f.Query, f.Currency, f.Language)
	if err != nil {
		return money.Amount{}
	}
	return a
}

// payment is the filter as the payments know it.
func (f TransactionFilter) payment() history.Filter {
	to := history.Filter{
		Words: f.Query, Amount: f.Amount(), Sort: history.Sort(f.Sort), Provider: f.Provider, LinkID: link.ID(f.Link), CustomerID: customer.ID(f.Customer), From: f.firstDay, To: f.endDay,
	}
	for _, s := range f.Statuses {
		to.Statuses = append(to.Statuses, history.Status(s))
	}
	return to
}

// moreSet counts what is set in the second menu of filters.
func (v transactionsView) moreSet() (n int) {
	for _, set := range []bool{v.Filter.Provider != "", v.Filter.Mode != v.Filter.ownMode} {
		if set {
			n++
		}
	}
	return n
}

// daysSet counts the ends of the days that were chosen.
func (v transactionsView) daysSet() (n int) {
	for _, day := range []string{v.Filter.From, v.Filter.To} {
		if day != "" {
			n++
		}
	}
	return n
}

// otherMode tells whether the list shows the mode that the business is not in,
// which the frame does not tell.
func (v transactionsView) otherMode() bool { return v.Filter.Mode != v.Filter.ownMode }

func (v transactionsView) modeNotice(reader frame.Reader) string {
	if v.Test {
		return reader.T("These are test payments: no real money moved.")
	}
	return reader.T("These are live payments: real money moved.")
}
