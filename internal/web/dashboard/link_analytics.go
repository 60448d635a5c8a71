package dashboard

import (
	"net/http"

	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// analyticsView is the page of a link's figures.
type analyticsView struct {
	Name, Href, LinkHref, CSV string
	Span                      chosenSpan
	Words, Zone               string
	Ranges                    []ui.Tab
	Cards                     []ui.StatCardProps
	Days                      []day
	Summary                   string
	Funnel                    []funnelStep
	Parts                     []breakdownView
	Empty                     bool
	Machines                  string // what is not counted
}

// funnelStep is one of view → started → paid.
type funnelStep struct {
	Label, Count, Share string
	Value, Most         int
	Tone                ui.Tone
}

// breakdownView is the table of one facet.
type breakdownView struct {
	ID, Title, Column, CSV string
	Rows                   []breakdownRow
	More                   string // how many are left out
}

type breakdownRow struct {
	Label                                               string
	Views, Visitors, Started, Paid, Revenue, Conversion string
}

// shownShares is how many values of a facet are shown; all are in the CSV.
const shownShares = 10

func (d *Dashboard) showAnalytics(w http.ResponseWriter, r *http.Request, at *room) error {
	l, err := d.Links.Get(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	span, err := d.spanOf(r, at, l)
	if err != nil {
		return err
	}
	v := analyticsViewOf(at, l, span)
	if err := d.fillAnalytics(r, at, l, &v); err != nil {
		return err
	}
	status := http.StatusOK
	if len(span.Wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(w, r, status, analyticsPage(d.frame(r, at, place{"Analytics of " + l.Name, paymentPageRoom}), v))
}

// spanOf reads which days are asked for.
func (d *Dashboard) spanOf(r *http.Request, at *room, l link.Link) (chosenSpan, error) {
	zone := at.Business.Location()
	first, err := visit.FirstDay(r.Context(), d.DB, string(at.Business.ID), string(l.ID), at.mode(), visit.DayOf(at.Now.In(zone)))
	return spanFrom(r.URL.Query(), at.Now, zone, first), err
}

func analyticsViewOf(at *room, l link.Link, span chosenSpan) analyticsView {
	href := linkHref(at, l.ID) + "/analytics"
	return analyticsView{
		Name: l.Name, Href: href, LinkHref: linkHref(at, l.ID), CSV: linkHref(at, l.ID) + "/analytics.csv?" + span.query().Encode(),
		Span: span, Words: words(span.Span), Zone: at.Business.TimeZone, Ranges: span.tabs(href),
	}
}

func (d *Dashboard) fillAnalytics(r *http.Request, at *room, l link.Link, v *analyticsView) error {
	ctx, business, id, mode := r.Context(), string(at.Business.ID), string(l.ID), at.mode()
	days, err := visit.ByDay(ctx, d.DB, business, id, mode, v.Span.Span)
	if err != nil {
		return err
	}
	before, err := visit.Figures(ctx, d.DB, business, id, mode, v.Span.Before())
	if err != nil {
		return err
	}
	totals, err := visit.Totals(ctx, d.DB, business, mode, []string{id})
	if err != nil {
		return err
	}
	now := wholeOf(days)
	v.Days, v.Summary = chartDays(days), words(v.Span.Span)+": "+counted(now.Views, "view", "views")+" and "+counted(now.Payments, "payment", "payments")+"."
	v.Cards, v.Funnel = cardsOf(now, v.Span.against(before), l.Currency), funnelOf(now)
	v.Empty, v.Machines = now == visit.Counts{}, machinesOf(totals[id])
	for _, f := range visit.Facets() {
		shares, err := visit.Breakdown(ctx, d.DB, business, id, mode, v.Span.Span, f)
		if err != nil {
			return err
		}
		if len(shares) > 0 {
			v.Parts = append(v.Parts, breakdownOf(f, shares, l.Currency, v.CSV))
		}
	}
	return nil
}

func wholeOf(days []visit.DayFigures) visit.Counts {
	var all visit.Counts
	for _, d := range days {
		all = all.Plus(d.Counts)
	}
	return all
}

// maxPoints bounds the points of a chart: more days are drawn in groups.
const maxPoints = 120

// chartDays are the points of the chart, each a day or as many days as fit.
func chartDays(days []visit.DayFigures) []day {
	group := (len(days) + maxPoints - 1) / maxPoints
	var points []day
	for i, d := range days {
		if i%group == 0 {
			points = append(points, day{Date: visit.Date(d.Day)})
		}
		p := &points[len(points)-1]
		p.Views, p.Payments = p.Views+d.Views, p.Payments+d.Payments
	}
	return points
}

func cardsOf(now visit.Counts, change comparison, currency money.Currency) []ui.StatCardProps {
	in := func(minor int64) string { return asMoney(money.Amount{Minor: minor, Currency: currency}) }
	revenue := ui.StatCardProps{Icon: "euro", Tone: ui.Purple, Label: "Revenue", Figure: in(now.Revenue), Note: change.of(now.Revenue, change.before.Revenue)}
	if now.Refunded != 0 || now.Lost != 0 {
		revenue.Label, revenue.Note = "Revenue, gross", in(now.Net())+" net · "+revenue.Note
	}
	return []ui.StatCardProps{
		{Icon: "eye", Tone: ui.Blue, Label: "Views", Figure: count(now.Views), Note: change.of(now.Views, change.before.Views)},
		{Icon: "users", Tone: ui.Teal, Label: "Visitors", Figure: count(now.Visitors), Note: change.of(now.Visitors, change.before.Visitors)},
		{Icon: "credit-card", Tone: ui.Green, Label: "Payments", Figure: count(now.Payments), Note: change.of(now.Payments, change.before.Payments)},
		revenue,
	}
}

// comparison is with as many days before; than is empty where there can be none.
type comparison struct {
	before visit.Counts
	than   string
	since  string
}

func (c chosenSpan) against(before visit.Counts) comparison {
	switch n := c.Count(); {
	case c.Key == "all":
		return comparison{since: "Since " + visit.Date(c.First).Format("2 Jan 2006")}
	case n == 1:
		return comparison{before: before, than: "the day before"}
	default:
		return comparison{before: before, than: "the " + count(n) + " days before"}
	}
}

// of says how a figure changed.
func (c comparison) of(now, before int64) string {
	than := c.than
	if than == "" {
		return c.since
	}
	switch {
	case before == 0 && now == 0:
		return "None in " + than + " either"
	case before == 0:
		return "None in " + than
	case now == before:
		return "As in " + than
	}
	percent := visit.PercentOf(max(now-before, before-now), before).String() + "%"
	if now > before {
		return percent + " more than in " + than
	}
	return percent + " less than in " + than
}

func funnelOf(c visit.Counts) []funnelStep {
	most := max(c.Views, c.Attempts, c.Payments, 1)
	step := func(label string, n int64, tone ui.Tone, of string) funnelStep {
		return funnelStep{Label: label, Count: count(n), Share: of, Value: int(n), Most: int(most), Tone: tone}
	}
	return []funnelStep{
		step("Opened the link", c.Views, ui.Blue, ""),
		step("Started to pay", c.Attempts, ui.Orange, conversion(c.Attempts, c.Views)+" of views"),
		step("Paid", c.Payments, ui.Green, conversion(c.Payments, c.Views)+" of views"),
	}
}

// machinesOf says what was not counted, "" for nothing.
func machinesOf(all visit.Counts) string {
	var text string
	add := func(n int64, one, many string) {
		if n > 0 && text != "" {
			text += ", "
		}
		if n > 0 {
			text += counted(n, one, many)
		}
	}
	add(all.Bots, "opening by a bot", "openings by bots")
	add(all.Previews, "link preview", "link previews")
	add(all.Own, "opening by yourselves", "openings by yourselves")
	return text
}

func breakdownOf(f visit.Facet, shares []visit.Share, currency money.Currency, csv string) breakdownView {
	says := wordsOf(f)
	v := breakdownView{ID: "by-" + string(f), Title: says.title, Column: says.column, CSV: csv + "&by=" + string(f)}
	for i, s := range shares {
		if i == shownShares {
			v.More = counted(int64(len(shares)-i), "more is", "more are") + " in the CSV file."
			break
		}
		v.Rows = append(v.Rows, breakdownRow{
			Label: valueWords(f, s.Value), Views: count(s.Views), Visitors: count(s.Visitors), Started: count(s.Attempts), Paid: count(s.Payments),
			Revenue: asMoney(money.Amount{Minor: s.Revenue, Currency: currency}), Conversion: conversion(s.Payments, s.Views),
		})
	}
	return v
}
