package links

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"smartlinks/internal/address"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/saved"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
)

// sparkDays is how many days a small chart of the list shows.
const sparkDays = 30

// linksView is the list of smart links.
type linksView struct {
	Base, Prefix string
	Here         string // the address of this page of the list
	Heading      frame.PaymentPageHeading
	None         bool // there is no link at all
	Filter       linkFilter
	Typed        string // into the field of the search
	Types        []frame.Choice
	Statuses     []frame.Choice
	Tags         []frame.Choice
	Rows         []linkRowView
	Totals       linkTotalsView
	Newer, Older string
	Saved        frame.SavedView
	Shown        string // how many of all are on this page, "" when all are
}

// linkTotalsView is the foot of the list.
type linkTotalsView struct{ Links, Views, Payments, Conversion, Revenue string }

func (d pages) listLinks(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	filter := linkFilterFrom(r.URL.Query())
	page, err := d.Links.List(r.Context(), scope.Business, filter.link(r.URL.Query().Get("cursor")))
	if err != nil {
		return err
	}
	typed := filter.Query
	if page.Total == 0 && filter.Query != "" {
		if filter.Spelt, err = frame.Respelt(r.Context(), filter.Query, []frame.Speller{d.SpeltInLinks(scope)}); err != nil {
			return err
		}
	}
	if filter.Spelt != "" {
		filter.Query = filter.Spelt
		if page, err = d.Links.List(r.Context(), scope.Business, filter.link(r.URL.Query().Get("cursor"))); err != nil {
			return err
		}
	}
	heading, err := d.PaymentPageHeading(r, scope, frame.LinksTab)
	if err != nil {
		return err
	}
	v := linksView{
		Base: scope.Base, Prefix: address.Shown(scope.PageURL()), Heading: heading, Filter: filter, Typed: typed,
		Here: r.URL.RequestURI(),
		None: page.Total == 0 && !filter.Any(), Types: typeChoices(scope.Reader, filter), Statuses: statusChoices(scope.Reader, filter),
	}
	v.Heading.Import = scope.Base + "/links/import"
	if !v.None {
		v.Heading.Export = frame.WithQuery(scope.Base+"/links.csv", filter.query(), "", "")
	}
	if v.Tags, err = d.linkTagChoices(r.Context(), scope, filter.Tags); err != nil {
		return err
	}
	if v.Saved, err = d.SavedSearches(r.Context(), scope, saved.Links, scope.Base+"/links", filter.query(), filter.Any()); err != nil {
		return err
	}
	v.Newer, v.Older = v.pages(page)
	if err := d.fillRows(r.Context(), scope, &v, page); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, linksPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Smart Links"), Section: frame.PaymentPageSection}), v))
}

// pages are the addresses of the pages before and after, "" at the ends.
func (v linksView) pages(p link.Page) (newer, older string) {
	at := func(cursor string) string {
		if cursor == "" {
			return ""
		}
		return frame.WithQuery(v.Base+"/links", v.Filter.query(), cursor, "")
	}
	return at(p.Prev), at(p.Next)
}

// fillRows reads the figures of all links of the page at once.
func (d pages) fillRows(ctx context.Context, scope *frame.Scope, v *linksView, page link.Page) error {
	ids := make([]string, len(page.Links))
	for i, l := range page.Links {
		ids[i] = string(l.ID)
	}
	totals, err := visit.Totals(ctx, d.DB, string(scope.Business.ID), scope.Mode(), ids)
	if err != nil {
		return err
	}
	sparks, err := visit.Sparklines(ctx, d.DB, string(scope.Business.ID), scope.Mode(), ids, sparkDays, scope.Now, scope.Business.Location())
	if err != nil {
		return err
	}
	overdue, err := d.Links.Overdue(ctx, d.DB, scope.Business, page.Links...)
	if err != nil {
		return err
	}
	for _, l := range page.Links {
		row := linkRowOf(scope, v.Here, l, totals[string(l.ID)], sparks[string(l.ID)])
		row.Overdue = overdue[l.ID]
		row.Uncharged = d.uncharged(scope, l)
		v.Rows = append(v.Rows, row)
	}
	v.Totals = linkTotalsOf(scope.Reader, page)
	if int64(len(page.Links)) < page.Total {
		v.Shown = scope.T("{{.Int64}} of {{.Total}}", "Int64", scope.Number(int64(len(page.Links))), "Total", scope.N(page.Total, "{{.Count}} link", "{{.Count}} links"))
	}
	return nil
}

// linkTotalsOf adds up all that the filter lets through, not this page alone.
func linkTotalsOf(reader frame.Reader, page link.Page) linkTotalsView {
	var views, payments, byHand int64
	var revenue []money.Amount
	for _, sum := range page.Sums {
		views, payments, byHand = views+sum.Views, payments+sum.Payments, byHand+sum.ByHand
		revenue = append(revenue, money.Amount{Minor: sum.Revenue, Currency: sum.Currency})
	}
	return linkTotalsView{
		Links: reader.N(page.Total, "{{.Count}} link", "{{.Count}} links"), Views: reader.Number(views), Payments: reader.Number(payments),
		Conversion: reader.Conversion(payments-byHand, views), Revenue: reader.SumOf(revenue),
	}
}

func typeChoices(reader frame.Reader, f linkFilter) []frame.Choice {
	return []frame.Choice{
		{Value: "amount", Label: reader.T("Amount"), Checked: slices.Contains(f.Types, "amount")},
		{Value: "product", Label: reader.T("Product"), Checked: slices.Contains(f.Types, "product")},
	}
}

// statusesSet is how many choices of the menu of statuses are made, "" for none.
func (v linksView) statusesSet(reader frame.Reader) string {
	n := len(v.Filter.Statuses)
	if v.Filter.Overdue {
		n++
	}
	return frame.FilterCount(reader, n)
}

func statusChoices(reader frame.Reader, f linkFilter) []frame.Choice {
	return []frame.Choice{
		{Value: "active", Label: reader.T("Active"), Checked: slices.Contains(f.Statuses, "active")},
		{Value: "inactive", Label: reader.T("Paused"), Checked: slices.Contains(f.Statuses, "inactive")},
		{Value: "limit_reached", Label: reader.T("Limit reached"), Checked: slices.Contains(f.Statuses, "limit_reached")},
	}
}

// linkTagChoices are all link tags of the business, those in chosen ticked.
func (d pages) linkTagChoices(ctx context.Context, scope *frame.Scope, chosen []string) ([]frame.Choice, error) {
	return d.TagChoices(ctx, scope, tag.OfLinks, chosen)
}

// sorted marks the column that the list is sorted by.
func (v linksView) sorted(key string) templ.Attributes {
	switch v.Filter.Sort {
	case key:
		return templ.Attributes{"aria-sort": "ascending"}
	case "-" + key:
		return templ.Attributes{"aria-sort": "descending"}
	}
	return nil
}

func (v linksView) sortIcon(key string) string {
	switch v.Filter.Sort {
	case key:
		return "arrow-up"
	case "-" + key:
		return "arrow-down"
	}
	return ""
}

// sortHref sorts by the column: figures the most first, names from A; again
// turns it round.
func (v linksView) sortHref(key string) string {
	f := v.Filter
	first, second := "-"+key, key
	if key == "name" || key == "type" {
		first, second = second, first
	}
	if f.Sort == first {
		f.Sort = second
	} else {
		f.Sort = first
	}
	return frame.WithQuery(v.Base+"/links", f.query(), "", "")
}
