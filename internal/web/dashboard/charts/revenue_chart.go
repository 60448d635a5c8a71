package charts

import (
	"math"
	"time"

	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
)

// SalesChart is what the overview draws of a period: bars of revenue.
type SalesChart struct {
	Days     []saleDay
	Summary  string
	currency money.Currency
	unit     int64 // minor units of one on the axis
}

// saleDay is a day of the chart.
type saleDay struct {
	Short, Long, Whole string // 18 Feb, Wed 18 Feb, Wed 18 Feb 2026
	Revenue            string
	Payments           string
	minor              int64
}

// NewSales takes the last days of the series.
func NewSales(reader frame.Reader, series map[string][]visit.DayFigures, currency money.Currency, days int) SalesChart {
	c := SalesChart{currency: currency, unit: int64(math.Pow10(currency.Decimals()))}
	points, some := series[string(currency)]
	if !some {
		points = series[""] // the days of the views, on which nothing came in
	}
	points = points[max(len(points)-days, 0):]
	for _, p := range points {
		date, revenue := visit.Date(p.Day), money.Amount{Minor: p.Revenue, Currency: currency}
		c.Days = append(c.Days, saleDay{
			Short: reader.ShortDate(date, time.UTC), Long: reader.Weekday(date, time.UTC), Whole: reader.Date(date, time.UTC),
			Revenue: reader.Money(revenue), Payments: reader.Number(p.Payments), minor: p.Revenue,
		})
	}
	sum := visit.Sum(points)
	c.Summary = reader.T("Revenue of the last {{.Days}}: {{.Revenue}} in {{.Payments}}.", "Days", reader.N(int64(len(points)), "{{.Count}} day", "{{.Count}} days"), "Revenue", reader.Money(money.Amount{Minor: sum.Revenue, Currency: currency}), "Payments", reader.N(sum.Payments, "{{.Count}} payment", "{{.Count}} payments"))
	return c
}

// salesDrawing is the geometry of the bars; lengths are units of the viewBox.
type salesDrawing struct {
	Width, Height int
	AxisX         string
	Grid          []gridLine
	Labels        []axisLabel
	Bars          []saleBar
}

// saleBar is a day: its bar, and the box that names its figures.
type saleBar struct {
	chartBar
	HitX, HitWidth, HitHeight, Top string
	BoxX, BoxTextX, BoxEndX        string
	Day                            saleDay
}

const saleBoxWidth = 148.0

// draw lays the bars out on width × height, with a label every so many days,
// counted back from the last.
func (c SalesChart) draw(reader frame.Reader, width, height, every int) salesDrawing {
	var most int64
	for _, d := range c.Days {
		most = max(most, d.minor)
	}
	step := niceStep((most + c.unit - 1) / c.unit)
	scale := func(line int64) string {
		return money.Amount{Minor: line * step * c.unit, Currency: c.currency}.FormatWhole(reader.Lang())
	}
	left := 14 + 6.6*float64(len([]rune(scale(gridSteps))))
	top, right, bottom := 10.0, float64(width)-4, float64(height)-plotBottom
	y := func(minor int64) float64 {
		return bottom - float64(max(minor, 0))/float64(step*gridSteps*c.unit)*(bottom-top)
	}
	drawing := salesDrawing{Width: width, Height: height, AxisX: Number(left - 10)}
	for i := range int64(gridSteps + 1) {
		at := y(i * step * c.unit)
		drawing.Grid = append(drawing.Grid, gridLine{
			Y: Number(at), X1: Number(left), X2: Number(right), Label: scale(i), TextY: Number(at + 4),
		})
	}
	slot := (right - left) / float64(max(len(c.Days), 1))
	for i, d := range c.Days {
		drawing.Bars = append(drawing.Bars, d.bar(left+float64(i)*slot, slot, y(d.minor), top, bottom, float64(width)))
	}
	for i := len(c.Days) - 1; i >= 0; i -= every {
		middle := left + (float64(i)+0.5)*slot
		if middle < left+14 {
			break
		}
		drawing.Labels = append(drawing.Labels, axisLabel{X: Number(min(middle, right-16)), Y: Number(bottom + 18), Text: c.Days[i].Short})
	}
	return drawing
}

func (d saleDay) bar(x, slot, y, top, bottom, width float64) saleBar {
	wide := min(22, 0.64*slot)
	box := x + slot/2 + 14
	if box+saleBoxWidth > width {
		box = x + slot/2 - 14 - saleBoxWidth
	}
	return saleBar{
		chartBar: chartBar{X: Number(x + (slot-wide)/2), Y: Number(y), Width: Number(wide), Height: Number(bottom - y)},
		HitX:     Number(x), HitWidth: Number(slot), HitHeight: Number(bottom - top), Top: Number(top),
		BoxX: Number(box), BoxTextX: Number(box + 12), BoxEndX: Number(box + saleBoxWidth - 12), Day: d,
	}
}
