package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/tag"
)

// customersView is the list of customers.
type customersView struct {
	Base         string
	None         bool // there is no customer at all
	Filter       customerFilter
	Tags         []tick
	Rows         []customerRow
	Total        string
	Newer, Older string
	Export       string
}

// customerRow is a customer with what they paid.
type customerRow struct {
	Href, Name, Email    string
	Tags                 []tag.Tag
	More, MoreNames      string // of the tags
	Payments, Paid, Last string
	LastISO              string
	Added, AddedISO      string
}

// sorting is the head of a column that sorts the list.
func (v customersView) sorting(key, label string) sorting {
	return sorting{Label: label, Key: key, Now: v.Filter.Sort, Default: "-added", Href: func(sort string) string {
		f := v.Filter
		f.Sort = sort
		return withQuery(v.Base, f.query(), "", "")
	}}
}

// customerFilter is what the list is narrowed to, as the address says it.
type customerFilter struct {
	Query   string
	Tags    []string
	AllTags bool
	Sort    string
}

func customerFilterFrom(q url.Values) customerFilter {
	return customerFilter{Query: strings.TrimSpace(q.Get("q")), Tags: set(q["tag"]), AllTags: q.Get("tags") == "all", Sort: oneOf(q.Get("sort"), "added", "name", "-name")}
}

// Any tells whether anybody is left out of the list.
func (f customerFilter) Any() bool { return f.Query != "" || len(f.Tags) > 0 }

func (f customerFilter) query() url.Values {
	q := url.Values{}
	if f.Query != "" {
		q.Set("q", f.Query)
	}
	for _, name := range f.Tags {
		q.Add("tag", name)
	}
	if f.AllTags {
		q.Set("tags", "all")
	}
	if f.Sort != "" {
		q.Set("sort", f.Sort)
	}
	return q
}

// customer is the filter as the customers know it.
func (f customerFilter) customer(cursor string) customer.Filter {
	return customer.Filter{Query: f.Query, Tags: f.Tags, AllTags: f.AllTags, Sort: customer.Sort(f.Sort), Cursor: cursor}
}

func (d *Dashboard) listCustomers(w http.ResponseWriter, r *http.Request, at *room) error {
	ctx, f := r.Context(), customerFilterFrom(r.URL.Query())
	page, err := d.Customers.List(ctx, at.Business.ID, f.customer(r.URL.Query().Get("cursor")))
	if err != nil {
		return err
	}
	v := customersView{Base: at.Base + "/customers", Filter: f, None: page.Total == 0 && !f.Any(), Total: counted(page.Total, "customer", "customers")}
	if !v.None {
		v.Export = withQuery(v.Base+".csv", f.query(), "", "")
	}
	if page.Prev != "" {
		v.Newer = withQuery(v.Base, f.query(), page.Prev, "")
	}
	if page.Next != "" {
		v.Older = withQuery(v.Base, f.query(), page.Next, "")
	}
	if v.Rows, err = d.customerRows(ctx, at, page.Customers); err != nil {
		return err
	}
	if v.Tags, err = d.ticks(ctx, at, tag.OfCustomers, f.Tags); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, customersPage(d.frame(r, at, place{"Customers", customersRoom}), v))
}

// customerRows reads what all customers of the page paid at once.
func (d *Dashboard) customerRows(ctx context.Context, at *room, list []customer.Customer) ([]customerRow, error) {
	ids := make([]customer.ID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	spent, err := d.Payments.ByCustomer(ctx, at.Business.ID, at.Business.Mode, ids)
	if err != nil {
		return nil, err
	}
	var rows []customerRow
	for _, c := range list {
		row := customerRow{Href: at.Base + "/customers/" + string(c.ID), Name: c.Name, Added: date(c.CreatedAt, at.Business.Location()), AddedISO: isoTime(c.CreatedAt)}
		row.Tags, row.More, row.MoreNames = fewTags(c.Tags)
		if c.Email != c.Name {
			row.Email = c.Email
		}
		row.Payments, row.Paid, row.Last, row.LastISO = spending(at, spent[c.ID])
		rows = append(rows, row)
	}
	return rows, nil
}

// spending writes what a customer paid: how often, how much in each currency,
// and when last.
func spending(at *room, spent []payment.Spent) (payments, paid, last, iso string) {
	var n int64
	var sums []money.Amount
	var latest time.Time
	for _, s := range spent {
		n, sums = n+s.Payments, append(sums, s.Gross)
		if s.LastAt.After(latest) {
			latest = s.LastAt
		}
	}
	if n == 0 {
		return "0", "–", "Never", ""
	}
	return count(n), sumOf(sums), ago(latest, at.Now, at.Business.Location()), isoTime(latest)
}

// ticks are all tags of the kind, those in chosen ticked.
func (d *Dashboard) ticks(ctx context.Context, at *room, kind tag.Kind, chosen []string) ([]tick, error) {
	tags, err := d.Tags.List(ctx, at.Business.ID, kind)
	if err != nil {
		return nil, err
	}
	var all []tick
	for _, t := range tags {
		ticked := slices.ContainsFunc(chosen, func(name string) bool { return strings.EqualFold(name, t.Name) })
		all = append(all, tick{Value: t.Name, Label: t.Name, Color: t.Color, Count: count(t.Count), Checked: ticked})
	}
	return all, nil
}
