package dashboard

import (
	"strconv"

	"smartlinks/internal/money"
	"smartlinks/internal/visit"
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
func (f figure) Said() string {
	if f.Down {
		return "down"
	}
	return "up"
}

// overviewFiguresOf writes the second half of the series beside the first.
// Views and conversion are of everything; money is in the currency.
func overviewFiguresOf(series map[string][]visit.DayFigures, currency money.Currency, days int) overviewFigures {
	was, is := totalsOf(series, currency, false, days), totalsOf(series, currency, true, days)
	f := overviewFigures{
		Revenue:    figureOf("Revenue", asMoney(money.Amount{Minor: is.money.Revenue, Currency: currency}), is.money.Revenue, was.money.Revenue),
		Views:      figureOf("Views", count(is.all.Views), is.all.Views, was.all.Views),
		Payments:   figureOf("Payments", count(is.all.Payments), is.all.Payments, was.all.Payments),
		Conversion: conversionFigure(is.all, was.all),
		Average:    averageFigure(is.money, was.money, currency),
		Before:     "vs previous " + strconv.Itoa(days) + " days",
	}
	if is.money.Refunded != 0 || is.money.Lost != 0 {
		f.Revenue.Label = "Revenue, gross"
		f.Kept = keptText(is.money, currency)
	}
	if is.all.Payments != is.money.Payments {
		f.RevenueIsOnly = counted(is.money.Payments, "payment", "payments") + " in " + string(currency)
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
func keptText(c visit.Counts, currency money.Currency) string {
	in := func(minor int64) string { return asMoney(money.Amount{Minor: minor, Currency: currency}) }
	text := ""
	if c.Refunded != 0 {
		text = in(c.Refunded) + " refunded, "
	}
	if c.Lost != 0 {
		text += in(c.Lost) + " lost in disputes, "
	}
	return text + in(c.Net()) + " net"
}

// figureOf compares two numbers by how much of the earlier one was gained.
func figureOf(label, text string, is, was int64) figure {
	f := figure{Label: label, Text: text}
	if was <= 0 || is == was {
		return f
	}
	f.Up, f.Down = is > was, is < was
	f.Change = visit.PercentOf(max(is-was, was-is), was).String() + "%"
	return f
}

// conversionFigure compares percentages, in points.
func conversionFigure(is, was visit.Counts) figure {
	f := figure{Label: "Conversion", Text: conversion(is.Payments, is.Views)}
	points := is.Conversion() - was.Conversion()
	if is.Views == 0 || was.Views == 0 || points == 0 {
		return f
	}
	f.Up, f.Down = points > 0, points < 0
	f.Change = max(points, -points).String() + " pt"
	return f
}

func averageFigure(is, was visit.Counts, currency money.Currency) figure {
	now, some := is.Average()
	if !some {
		return figure{Label: "Average", Text: "–"}
	}
	before, _ := was.Average()
	return figureOf("Average", asMoney(money.Amount{Minor: now, Currency: currency}), now, before)
}
