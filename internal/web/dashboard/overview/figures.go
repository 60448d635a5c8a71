package overview

import (
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
)

// overviewFigures are the totals of a period beside those of the one before.
type overviewFigures struct {
	Revenue       figure
	Kept          string // "€120.00 refunded, €9,356.00 net", "" while all stayed
	Views         figure
	Payments      figure
	Conversion    figure
	Average       figure
	Before        string // "vs previous 30 days"
	RevenueIsOnly string // says that other money is not in the revenue, "" where there is none
}

// figure is a number and how it changed. Up and Down are both false where there
// is nothing to compare with.
type figure struct {
	Label, Text, Change string
	Up, Down            bool
}

// Said is the change for those who don't see the arrow.
func (f figure) Said(reader frame.Reader) string {
	if f.Down {
		return reader.T("down|of a figure")
	}
	return reader.T("up|of a figure")
}

// overviewFiguresOf writes the second half of the series beside the first.
// Views and conversion are of everything; money is in the currency.
func overviewFiguresOf(reader frame.Reader, series map[string][]visit.DayFigures, currency money.Currency, days int) overviewFigures {
	was, is := totalsOf(series, currency, false, days), totalsOf(series, currency, true, days)
	f := overviewFigures{
		Revenue:    figureOf(reader, reader.T("Revenue"), reader.Money(money.Amount{Minor: is.money.Revenue, Currency: currency}), is.money.Revenue, was.money.Revenue),
		Views:      figureOf(reader, reader.T("Views"), reader.Number(is.all.Views), is.all.Views, was.all.Views),
		Payments:   figureOf(reader, reader.T("Payments"), reader.Number(is.all.Payments), is.all.Payments, was.all.Payments),
		Conversion: conversionFigure(reader, is.all, was.all),
		Average:    averageFigure(reader, is.money, was.money, currency),
		Before:     reader.N(int64(days), "vs previous {{.Count}} day", "vs previous {{.Count}} days"),
	}
	if is.money.Refunded != 0 || is.money.Lost != 0 {
		f.Revenue.Label = reader.T("Revenue, gross")
		f.Kept = keptText(reader, is.money, currency)
	}
	if is.all.Payments != is.money.Payments {
		f.RevenueIsOnly = reader.T("{{.Payments}} in {{.Currency}}", "Payments", reader.N(is.money.Payments, "{{.Count}} payment", "{{.Count}} payments"), "Currency", string(currency))
	}
	return f
}

// half is the totals of one of two periods: of everything, and of a currency.
type half struct{ all, money visit.Counts }

func totalsOf(series map[string][]visit.DayFigures, currency money.Currency, second bool, days int) (h half) {
	for c, points := range series {
		split := max(len(points)-days, 0)
		part := points[:split]
		if second {
			part = points[split:]
		}
		sum := visit.Sum(part)
		h.all.Views += sum.Views
		h.all.Payments += sum.Payments
		if c == string(currency) {
			h.money = sum
		}
	}
	return h
}

// keptText tells gross from what was given back or taken, and from what is left.
func keptText(reader frame.Reader, c visit.Counts, currency money.Currency) string {
	in := func(minor int64) string { return reader.Money(money.Amount{Minor: minor, Currency: currency}) }
	var parts []string
	if c.HandRevenue != 0 {
		parts = append(parts, reader.T("{{.Amount}} by hand", "Amount", in(c.HandRevenue)))
	}
	if c.Refunded != 0 {
		parts = append(parts, reader.T("{{.Amount}} refunded", "Amount", in(c.Refunded)))
	}
	if c.Lost != 0 {
		parts = append(parts, reader.T("{{.Amount}} lost in disputes", "Amount", in(c.Lost)))
	}
	return reader.List(append(parts, reader.T("{{.Amount}} net", "Amount", in(c.Net()))))
}

// figureOf compares two numbers by how much of the earlier one was gained.
func figureOf(reader frame.Reader, label, text string, is, was int64) figure {
	f := figure{Label: label, Text: text}
	if was <= 0 || is == was {
		return f
	}
	f.Up, f.Down = is > was, is < was
	f.Change = money.Percent(visit.PercentOf(max(is-was, was-is), was).String(), reader.Lang())
	return f
}

// conversionFigure compares percentages, in points.
func conversionFigure(reader frame.Reader, is, was visit.Counts) figure {
	f := figure{Label: reader.T("Conversion"), Text: reader.Conversion(is.Payments-is.ByHand, is.Views)}
	points := is.Conversion() - was.Conversion()
	if is.Views == 0 || was.Views == 0 || points == 0 {
		return f
	}
	f.Up, f.Down = points > 0, points < 0
	f.Change = reader.T("{{.Points}} pt", "Points", money.WithPoint(max(points, -points).String(), reader.Lang()))
	return f
}

func averageFigure(reader frame.Reader, is, was visit.Counts, currency money.Currency) figure {
	now, some := is.Average()
	if !some {
		return figure{Label: reader.T("Average"), Text: "–"}
	}
	before, _ := was.Average()
	return figureOf(reader, reader.T("Average"), reader.Money(money.Amount{Minor: now, Currency: currency}), now, before)
}
