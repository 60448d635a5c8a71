package dashboard

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
	"smartlinks/internal/payment"
)

// transactionFilter is what the list is narrowed to, as the address says it.
type transactionFilter struct {
	Query            string
	Statuses         []string
	Provider         string
	Mode             business.Mode
	Link, Customer   string
	From, To         string // days, both included
	ownMode          business.Mode
	Sort             string
	currency         money.Currency
	firstDay, endDay time.Time
}

// transactionFilterFrom reads the address; what it can't read is left out.
// Without a mode it is the business's.
func transactionFilterFrom(q url.Values, b business.Business) transactionFilter {
	f := transactionFilter{
		Query: strings.TrimSpace(q.Get("q")), Provider: q.Get("provider"), Link: q.Get("link"), Customer: q.Get("customer"),
		Mode: b.Mode, ownMode: b.Mode, Sort: oneOf(q.Get("sort"), "started", "amount", "-amount"), currency: b.Currency,
	}
	for _, s := range payment.Statuses() {
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
		f.endDay = last.AddDate(0, 0, 1)
	}
	return f
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
func (f transactionFilter) Any() bool {
	return f.Query+f.Provider+f.Link+f.Customer+f.From+f.To != "" || len(f.Statuses) > 0
}

// query is the address of this filter, without what is not set.
func (f transactionFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Query, "provider": f.Provider, "link": f.Link, "customer": f.Customer, "from": f.From, "to": f.To, "sort": f.Sort} {
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

// amount is what is searched for, if it is an amount: as the dashboard shows it,
// and as people type it elsewhere.
func (f transactionFilter) amount() money.Amount {
	a, err := money.ParseTypedIn(f.Query, f.currency, shownIn)
	if err != nil {
		return money.Amount{}
	}
	return a
}

// payment is the filter as the payments know it.
func (f transactionFilter) payment() payment.Filter {
	to := payment.Filter{
		Words: f.Query, Amount: f.amount(), Sort: payment.Sort(f.Sort), Provider: f.Provider, LinkID: link.ID(f.Link), CustomerID: customer.ID(f.Customer), From: f.firstDay, To: f.endDay,
	}
	for _, s := range f.Statuses {
		to.Statuses = append(to.Statuses, payment.Status(s))
	}
	return to
}

// moreSet counts what is set in the second menu of filters.
func (v transactionsView) moreSet() (n int) {
	for _, set := range []bool{v.Filter.From != "", v.Filter.To != "", v.Filter.Provider != "", v.Filter.Mode != v.Filter.ownMode} {
		if set {
			n++
		}
	}
	return n
}

// otherMode tells whether the list shows the mode that the business is not in,
// which the frame does not tell.
func (v transactionsView) otherMode() bool { return v.Filter.Mode != v.Filter.ownMode }

func (v transactionsView) modeNotice() string {
	if v.Test {
		return "These are test payments: no real money moved."
	}
	return "These are live payments: real money moved."
}
