package customers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/saved"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
)

// customersView is the list of customers.
type customersView struct {
	Base         string
	None         bool // there is no customer at all
	Filter       customerFilter
	Typed        string // into the field of the search
	Tags         []frame.Choice
	Rows         []customerRow
	Total        string
	Newer, Older string
	Export       string
	Saved        frame.SavedView
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
func (v customersView) sorting(key, label string) frame.Sorting {
	return frame.Sorting{Label: label, Key: key, Now: v.Filter.Sort, Default: "-added", Href: func(sort string) string {
		f := v.Filter
		f.Sort = sort
		return frame.WithQuery(v.Base, f.query(), "", "")
	}}
}

// customerFilter is what the list is narrowed to, as the address says it.
type customerFilter struct {
	Query   string
	Tags    []string
	AllTags bool
	Sort    string
	Spelt   string // of the query: another letter than was typed, because that found nobody
}

func customerFilterFrom(q url.Values) customerFilter {
	return customerFilter{Query: strings.TrimSpace(q.Get("q")), Tags: frame.Distinct(q["tag"]), AllTags: q.Get("tags") == "all", Sort: frame.OneOf(q.Get("sort"), "added", "name", "-name")}
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

func (d pages) listCustomers(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, f := r.Context(), customerFilterFrom(r.URL.Query())
	page, err := d.Customers.List(ctx, scope.Business.ID, f.customer(r.URL.Query().Get("cursor")))
	if err != nil {
		return err
	}
	typed := f.Query
	if page.Total == 0 && f.Query != "" {
		if f.Spelt, err = frame.Respelt(ctx, f.Query, []frame.Speller{d.SpeltInCustomers(scope)}); err != nil {
			return err
		}
	}
	if f.Spelt != "" {
		f.Query = f.Spelt
		if page, err = d.Customers.List(ctx, scope.Business.ID, f.customer(r.URL.Query().Get("cursor"))); err != nil {
			return err
		}
	}
	v := customersView{Base: scope.Base + "/customers", Filter: f, Typed: typed, None: page.Total == 0 && !f.Any(), Total: scope.N(page.Total, "{{.Count}} customer", "{{.Count}} customers")}
	if !v.None {
		v.Export = frame.WithQuery(v.Base+".csv", f.query(), "", "")
	}
	if v.Saved, err = d.SavedSearches(ctx, scope, saved.Customers, v.Base, f.query(), f.Any()); err != nil {
		return err
	}
	if page.Prev != "" {
		v.Newer = frame.WithQuery(v.Base, f.query(), page.Prev, "")
	}
	if page.Next != "" {
		v.Older = frame.WithQuery(v.Base, f.query(), page.Next, "")
	}
	if v.Rows, err = d.customerRows(ctx, scope, page.Customers); err != nil {
		return err
	}
	if v.Tags, err = d.TagChoices(ctx, scope, tag.OfCustomers, f.Tags); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, customersPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Customers"), Section: frame.CustomersSection}), v))
}

// customerRows reads what all customers of the page paid at once.
func (d pages) customerRows(ctx context.Context, scope *frame.Scope, list []customer.Customer) ([]customerRow, error) {
	ids := make([]customer.ID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	spent, err := d.Payments.ByCustomer(ctx, scope.Business.ID, scope.Business.Mode, ids)
	if err != nil {
		return nil, err
	}
	var rows []customerRow
	for _, c := range list {
		row := customerRow{Href: scope.Base + "/customers/" + string(c.ID), Name: c.Name, Added: scope.Date(c.CreatedAt, scope.Business.Location()), AddedISO: frame.IsoTime(c.CreatedAt)}
		row.Tags, row.More, row.MoreNames = frame.FirstTags(scope.Reader, c.Tags)
		if c.Email != c.Name {
			row.Email = c.Email
		}
		row.Payments, row.Paid, row.Last, row.LastISO = spending(scope, spent[c.ID])
		rows = append(rows, row)
	}
	return rows, nil
}

// spending writes what a customer paid: how often, how much in each currency,
// and when last.
func spending(scope *frame.Scope, spent []history.Spent) (payments, paid, last, iso string) {
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
		return "0", "–", scope.T("Never"), ""
	}
	return scope.Number(n), scope.SumOf(sums), scope.Ago(latest, scope.Now, scope.Business.Location()), frame.IsoTime(latest)
}
