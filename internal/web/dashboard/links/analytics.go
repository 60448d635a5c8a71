package links

import (
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/charts"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// analyticsView is the page of a link's figures.
type analyticsView struct {
	Name, Href, LinkHref, CSV string
	Span                      chosenSpan
	Words, Zone               string
	Ranges                    []ui.Tab
	Cards                     []ui.StatCardProps
	Days                      []charts.Day
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

func (d pages) showAnalytics(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	span, err := d.spanOf(r, scope, l)
	if err != nil {
		return err
	}
	v := analyticsViewOf(scope, l, span)
	if err := d.fillAnalytics(r, scope, l, &v); err != nil {
		return err
	}
	status := http.StatusOK
	if len(span.Wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return frame.Render(w, r, status, analyticsPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Analytics of {{.Name}}", "Name", l.Name), Section: frame.PaymentPageSection}), v))
}

// spanOf reads which days are asked for.
func (d pages) spanOf(r *http.Request, scope *frame.Scope, l link.Link) (chosenSpan, error) {
	zone := scope.Business.Location()
	first, err := visit.FirstDay(r.Context(), d.DB, string(scope.Business.ID), string(l.ID), scope.Mode(), visit.DayOf(scope.Now.In(zone)))
	return spanFrom(scope.Reader, r.URL.Query(), scope.Now, zone, first), err
}

func analyticsViewOf(scope *frame.Scope, l link.Link, span chosenSpan) analyticsView {
	href := frame.LinkHref(scope, l.ID) + "/analytics"
	return analyticsView{
		Name: l.Name, Href: href, LinkHref: frame.LinkHref(scope, l.ID), CSV: frame.LinkHref(scope, l.ID) + "/analytics.csv?" + span.query().Encode(),
		Span: span, Words: words(scope.Reader, span.Span), Zone: scope.Business.TimeZone, Ranges: span.tabs(scope.Reader, href),
	}
}

func (d pages) fillAnalytics(r *http.Request, scope *frame.Scope, l link.Link, v *analyticsView) error {
	ctx, business, id, mode := r.Context(), string(scope.Business.ID), string(l.ID), scope.Mode()
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
	now := totalOf(days)
	v.Days, v.Summary = chartDays(days), scope.T("{{.Words}}: {{.Views}} and {{.Payments}}.", "Words", words(scope.Reader, v.Span.Span), "Views", scope.N(now.Views, "{{.Count}} view", "{{.Count}} views"), "Payments", scope.N(now.Payments, "{{.Count}} payment", "{{.Count}} payments"))
	v.Cards, v.Funnel = cardsOf(scope.Reader, now, v.Span.against(scope.Reader, before), l.Currency), funnelOf(scope.Reader, now)
	v.Empty, v.Machines = now == visit.Counts{}, machinesOf(scope.Reader, totals[id])
	parts, err := visit.Breakdowns(ctx, d.DB, business, id, mode, v.Span.Span, visit.Facets()...)
	if err != nil {
		return err
	}
	for _, f := range visit.Facets() {
		if shares := parts[f]; len(shares) > 0 {
			v.Parts = append(v.Parts, breakdownOf(scope.Reader, f, shares, l.Currency, v.CSV))
		}
	}
	return nil
}

func totalOf(days []visit.DayFigures) visit.Counts {
	var all visit.Counts
	for _, d := range days {
		all = all.Plus(d.Counts)
	}
	return all
}

// maxPoints bounds the points of a chart: more days are drawn in groups.
const maxPoints = 120

// chartDays are the points of the chart, each a day or as many days as fit.
func chartDays(days []visit.DayFigures) []charts.Day {
	group := (len(days) + maxPoints - 1) / maxPoints
	var points []charts.Day
	for i, d := range days {
		if i%group == 0 {
			points = append(points, charts.Day{Date: visit.Date(d.Day)})
		}
		p := &points[len(points)-1]
		p.Views, p.Payments = p.Views+d.Views, p.Payments+d.Payments
	}
	return points
}

func cardsOf(reader frame.Reader, now visit.Counts, change comparison, currency money.Currency) []ui.StatCardProps {
	in := func(minor int64) string { return reader.Money(money.Amount{Minor: minor, Currency: currency}) }
	revenue := ui.StatCardProps{Icon: "euro", Tone: ui.Purple, Label: reader.T("Revenue"), Figure: in(now.Revenue), Note: change.of(reader, now.Revenue, change.before.Revenue)}
	if now.Refunded != 0 || now.Lost != 0 {
		revenue.Label, revenue.Note = reader.T("Revenue, gross"), reader.T("{{.In}} net · {{.Note}}", "In", in(now.Net()), "Note", revenue.Note)
	}
	return []ui.StatCardProps{
		{Icon: "eye", Tone: ui.Blue, Label: reader.T("Views"), Figure: reader.Number(now.Views), Note: change.of(reader, now.Views, change.before.Views)},
		{Icon: "users", Tone: ui.Teal, Label: reader.T("Visitors"), Figure: reader.Number(now.Visitors), Note: change.of(reader, now.Visitors, change.before.Visitors)},
		{Icon: "credit-card", Tone: ui.Green, Label: reader.T("Payments"), Figure: reader.Number(now.Payments), Note: change.of(reader, now.Payments, change.before.Payments)},
		revenue,
	}
}

// comparison is with as many days before; than is empty where there can be none.
type comparison struct {
	before visit.Counts
	than   string
	since  string
}

func (c chosenSpan) against(reader frame.Reader, before visit.Counts) comparison {
	switch n := c.Count(); {
	case c.Key == "all":
		return comparison{since: reader.T("Since {{.Date}}", "Date", reader.Date(visit.Date(c.First), time.UTC))}
	case n == 1:
		return comparison{before: before, than: reader.T("the day before")}
	default:
		return comparison{before: before, than: reader.N(n, "the day before", "the {{.Count}} days before")}
	}
}

// of says how a figure changed.
func (c comparison) of(reader frame.Reader, now, before int64) string {
	than := c.than
	if than == "" {
		return c.since
	}
	switch {
	case before == 0 && now == 0:
		return reader.T("None in {{.Than}} either", "Than", than)
	case before == 0:
		return reader.T("None in {{.Than}}", "Than", than)
	case now == before:
		return reader.T("Same as in {{.Than}}", "Than", than)
	}
	percent := money.Percent(visit.PercentOf(max(now-before, before-now), before).String(), reader.Lang())
	if now > before {
		return reader.T("{{.Percent}} more than in {{.Than}}", "Percent", percent, "Than", than)
	}
	return reader.T("{{.Percent}} less than in {{.Than}}", "Percent", percent, "Than", than)
}

func funnelOf(reader frame.Reader, c visit.Counts) []funnelStep {
	most := max(c.Views, c.Attempts, c.Payments, 1)
	step := func(label string, n int64, tone ui.Tone, of string) funnelStep {
		return funnelStep{Label: label, Count: reader.Number(n), Share: of, Value: int(n), Most: int(most), Tone: tone}
	}
	return []funnelStep{
		step(reader.T("Opened the link"), c.Views, ui.Blue, ""),
		step(reader.T("Started paying"), c.Attempts, ui.Orange, reader.T("{{.Attempts}} of views", "Attempts", reader.Conversion(c.Attempts, c.Views))),
		step(reader.T("Paid"), c.Payments, ui.Green, reader.T("{{.ByHand}} of views", "ByHand", reader.Conversion(c.Payments-c.ByHand, c.Views))),
	}
}

// machinesOf says what was not counted, "" for nothing.
func machinesOf(reader frame.Reader, all visit.Counts) string {
	var parts []string
	if all.Bots > 0 {
		parts = append(parts, reader.N(all.Bots, "{{.Count}} opening by a bot", "{{.Count}} openings by bots"))
	}
	if all.Previews > 0 {
		parts = append(parts, reader.N(all.Previews, "{{.Count}} link preview", "{{.Count}} link previews"))
	}
	if all.Own > 0 {
		parts = append(parts, reader.N(all.Own, "{{.Count}} opening by yourselves", "{{.Count}} openings by yourselves"))
	}
	return strings.Join(parts, ", ")
}

func breakdownOf(reader frame.Reader, f visit.Facet, shares []visit.Share, currency money.Currency, csv string) breakdownView {
	says := wordsOf(reader, f)
	v := breakdownView{ID: "by-" + string(f), Title: says.title, Column: says.column, CSV: csv + "&by=" + string(f)}
	for i, s := range shares {
		if i == shownShares {
			v.More = reader.N(int64(len(shares)-i), "{{.Count}} more is in the CSV file.", "{{.Count}} more are in the CSV file.")
			break
		}
		v.Rows = append(v.Rows, breakdownRow{
			Label: valueWords(reader, f, s.Value), Views: reader.Number(s.Views), Visitors: reader.Number(s.Visitors), Started: reader.Number(s.Attempts), Paid: reader.Number(s.Payments),
			Revenue: reader.Money(money.Amount{Minor: s.Revenue, Currency: currency}), Conversion: reader.Conversion(s.Payments-s.ByHand, s.Views),
		})
	}
	return v
}
