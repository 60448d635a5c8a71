package dashboard

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
)

// sparkDays is how many days a small chart of the list shows.
const sparkDays = 30

// linksView is the list of smart links.
type linksView struct {
	Base, Prefix string
	Here         string // the address of this page of the list
	Heading      paymentPageHeading
	None         bool // there is no link at all
	Filter       linkFilter
	Types        []tick
	Statuses     []tick
	Tags         []tick
	Rows         []linkRowView
	Totals       linkTotalsView
	Newer, Older string
	Shown        string // how many of all are on this page, "" when all are
}

// linkTotalsView is the foot of the list.
type linkTotalsView struct{ Links, Views, Payments, Conversion, Revenue string }

func (d *Dashboard) listLinks(w http.ResponseWriter, r *http.Request, at *room) error {
	filter := linkFilterFrom(r.URL.Query())
	page, err := d.Links.List(r.Context(), at.Business, filter.link(r.URL.Query().Get("cursor")))
	if err != nil {
		return err
	}
	heading, err := d.paymentPageHeading(r, at)
	if err != nil {
		return err
	}
	v := linksView{
		Base: at.Base, Prefix: shown(at.url("")), Heading: heading, Filter: filter,
		Here: r.URL.RequestURI(),
		None: page.Total == 0 && !filter.Any(), Types: typeTicks(filter), Statuses: statusTicks(filter),
	}
	v.Heading.Import = at.Base + "/links/import"
	if !v.None {
		v.Heading.Export = withQuery(at.Base+"/links.csv", filter.query(), "", "")
	}
	if v.Tags, err = d.tagTicks(r.Context(), at, filter.Tags); err != nil {
		return err
	}
	v.Newer, v.Older = v.pages(page)
	if err := d.fillRows(r.Context(), at, &v, page); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, linksPage(d.frame(r, at, place{"Smart Links", paymentPageRoom}), v))
}

// pages are the addresses of the pages before and after, "" at the ends.
func (v linksView) pages(p link.Page) (newer, older string) {
	at := func(cursor string) string {
		if cursor == "" {
			return ""
		}
		return withQuery(v.Base+"/links", v.Filter.query(), cursor, "")
	}
	return at(p.Prev), at(p.Next)
}

// fillRows reads the figures of all links of the page at once.
func (d *Dashboard) fillRows(ctx context.Context, at *room, v *linksView, page link.Page) error {
	ids := make([]string, len(page.Links))
	for i, l := range page.Links {
		ids[i] = string(l.ID)
	}
	totals, err := visit.Totals(ctx, d.DB, string(at.Business.ID), at.mode(), ids)
	if err != nil {
		return err
	}
	sparks, err := visit.Sparklines(ctx, d.DB, string(at.Business.ID), at.mode(), ids, sparkDays, at.Now, at.Business.Location())
	if err != nil {
		return err
	}
	for _, l := range page.Links {
		row := linkRowOf(at, v.Here, l, totals[string(l.ID)], sparks[string(l.ID)])
		row.Uncharged = d.Payments.Uncharged(at.Business, l)
		v.Rows = append(v.Rows, row)
	}
	v.Totals = linkTotalsOf(page)
	if int64(len(page.Links)) < page.Total {
		v.Shown = count(int64(len(page.Links))) + " of " + counted(page.Total, "link", "links")
	}
	return nil
}

// linkTotalsOf adds up all that the filter lets through, not this page alone.
func linkTotalsOf(page link.Page) linkTotalsView {
	var views, payments int64
	var revenue []money.Amount
	for _, sum := range page.Sums {
		views, payments = views+sum.Views, payments+sum.Payments
		revenue = append(revenue, money.Amount{Minor: sum.Revenue, Currency: sum.Currency})
	}
	return linkTotalsView{
		Links: counted(page.Total, "link", "links"), Views: count(views), Payments: count(payments),
		Conversion: conversion(payments, views), Revenue: sumOf(revenue),
	}
}

func typeTicks(f linkFilter) []tick {
	return []tick{
		{Value: "amount", Label: "Amount", Checked: slices.Contains(f.Types, "amount")},
		{Value: "product", Label: "Product", Checked: slices.Contains(f.Types, "product")},
	}
}

func statusTicks(f linkFilter) []tick {
	return []tick{
		{Value: "active", Label: "Active", Checked: slices.Contains(f.Statuses, "active")},
		{Value: "inactive", Label: "Paused", Checked: slices.Contains(f.Statuses, "inactive")},
		{Value: "limit_reached", Label: "Limit reached", Checked: slices.Contains(f.Statuses, "limit_reached")},
	}
}

// tagTicks are all link tags of the business, those in chosen ticked.
func (d *Dashboard) tagTicks(ctx context.Context, at *room, chosen []string) ([]tick, error) {
	return d.ticks(ctx, at, tag.OfLinks, chosen)
}

func (d *Dashboard) paymentPageHeading(r *http.Request, at *room) (paymentPageHeading, error) {
	h := paymentPageHeading{Base: at.Base, PublicURL: at.url("")}
	n, err := d.Links.Count(r.Context(), at.Business.ID)
	if n > 0 {
		h.Links = count(n)
	}
	return h, err
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
	return withQuery(v.Base+"/links", f.query(), "", "")
}
