// Package charts draws the figures of the dashboard as SVG, without a script.
package charts

import (
	"fmt"
	"strconv"
	"time"

	"smartlinks/internal/web/dashboard/frame"
)

// Day is what one day of a chart counts.
type Day struct {
	Date     time.Time // its midnight in UTC
	Views    int64
	Payments int64
}

// chart is the geometry of "Views and payments": everything the template needs
// to draw it as SVG without a script. Lengths are user units of the viewBox.
type chart struct {
	Width, Height int
	Line, Area    string // path data of the views
	Grid          []gridLine
	Labels        []axisLabel
	Bars          []chartBar // payments
	Spots         []chartSpot
}

type gridLine struct {
	Y     string
	X1    string
	X2    string
	Label string
	TextY string
}

type axisLabel struct{ X, Y, Text string }

type chartBar struct{ X, Y, Width, Height string }

// chartSpot is what shows when the pointer rests on a day: a mark on the line
// and a small box that names the figures.
type chartSpot struct {
	X, Top, Bottom, DotY string
	HitX, HitWidth       string
	HitHeight            string
	BoxX, BoxTextX       string
	BoxEndX              string
	Title                string
	Views, Payments      string
}

// The margins around the plot, and the size of the box of a spot.
const (
	plotStart, plotEnd  = 34.0, 14.0
	plotTop, plotBottom = 12.0, 26.0
	spotBoxWidth        = 124.0
	gridSteps           = 3 // four lines
)

// fade is the id of the fill below the views: a page has one chart of a width.
func (c chart) fade() string { return "fade-" + strconv.Itoa(c.Width) }

// newChart lays out days, oldest first, on width × height; every is how many
// days lie between two labels, counted back from the last day.
func newChart(reader frame.Reader, days []Day, width, height, every int) chart {
	c := chart{Width: width, Height: height}
	if len(days) == 0 {
		return c
	}
	plot := newPlot(days, float64(width), float64(height))
	c.Grid = plot.grid(reader)
	c.Labels = plot.labels(reader, every)
	c.Line = smoothPath(plot.line())
	c.Area = c.Line + "L" + Number(plot.x(len(days)-1)) + " " + Number(plot.bottom) + "L" + Number(plot.x(0)) + " " + Number(plot.bottom) + "Z"
	c.Bars = plot.bars()
	for i := range days {
		c.Spots = append(c.Spots, plot.spot(reader, i))
	}
	return c
}

type plot struct {
	days          []Day
	width         float64
	left, right   float64
	top, bottom   float64
	step, ceiling int64
}

func newPlot(days []Day, width, height float64) plot {
	var most int64
	for _, d := range days {
		most = max(most, d.Views, d.Payments)
	}
	step := niceStep(most)
	return plot{
		days: days, width: width, step: step, ceiling: step * gridSteps,
		left: plotStart, right: width - plotEnd, top: plotTop, bottom: height - plotBottom,
	}
}

// niceStep is the distance between grid lines: a whole number that is easy to
// read and lets most fit.
func niceStep(most int64) int64 {
	need := (most + gridSteps - 1) / gridSteps
	for scale := int64(1); ; scale *= 10 {
		for _, s := range []int64{1, 2, 3, 4, 5, 8} {
			if s*scale >= need {
				return s * scale
			}
		}
	}
}

func (p plot) x(i int) float64 {
	if len(p.days) == 1 {
		return p.right
	}
	return p.left + float64(i)*(p.right-p.left)/float64(len(p.days)-1)
}

func (p plot) y(value int64) float64 {
	return p.bottom - float64(value)/float64(p.ceiling)*(p.bottom-p.top)
}

func (p plot) grid(reader frame.Reader) []gridLine {
	var lines []gridLine
	for i := range int64(gridSteps + 1) {
		y := p.y(i * p.step)
		lines = append(lines, gridLine{
			Y: Number(y), X1: Number(p.left - 6), X2: Number(p.right + 6),
			Label: reader.Number(i * p.step), TextY: Number(y + 4),
		})
	}
	return lines
}

func (p plot) labels(reader frame.Reader, every int) []axisLabel {
	var labels []axisLabel
	for i := len(p.days) - 1; i >= 0; i -= every {
		x := p.x(i)
		if x < p.left+18 {
			break
		}
		labels = append(labels, axisLabel{X: Number(min(x, p.right-10)), Y: Number(p.bottom + 18), Text: reader.ShortDate(p.days[i].Date, time.UTC)})
	}
	return labels
}

func (p plot) line() []point {
	points := make([]point, len(p.days))
	for i, d := range p.days {
		points[i] = point{p.x(i), p.y(d.Views)}
	}
	return points
}

func (p plot) bars() []chartBar {
	wide := min(8, 0.6*(p.right-p.left)/float64(len(p.days)))
	var bars []chartBar
	for i, d := range p.days {
		if d.Payments <= 0 {
			continue
		}
		y := p.y(d.Payments)
		bars = append(bars, chartBar{X: Number(p.x(i) - wide/2), Y: Number(y), Width: Number(wide), Height: Number(p.bottom - y)})
	}
	return bars
}

func (p plot) spot(reader frame.Reader, i int) chartSpot {
	d, x := p.days[i], p.x(i)
	slot := (p.right - p.left) / float64(max(len(p.days)-1, 1))
	box := x + 12
	if box+spotBoxWidth > p.width {
		box = x - 12 - spotBoxWidth
	}
	return chartSpot{
		X: Number(x), Top: Number(p.top), Bottom: Number(p.bottom), DotY: Number(p.y(d.Views)),
		HitX: Number(x - slot/2), HitWidth: Number(slot), HitHeight: Number(p.bottom - p.top),
		BoxX: Number(box), BoxTextX: Number(box + 12), BoxEndX: Number(box + spotBoxWidth - 12),
		Title: reader.Weekday(d.Date, time.UTC), Views: reader.Number(d.Views), Payments: reader.Number(d.Payments),
	}
}

// chartSummary says in words what a chart shows.
func chartSummary(reader frame.Reader, days []Day) string {
	var views, payments int64
	for _, d := range days {
		views += d.Views
		payments += d.Payments
	}
	return reader.T("Views and payments of the last {{.Days}}: {{.Views}} and {{.Payments}}.",
		"Days", reader.N(int64(len(days)), "{{.Count}} day", "{{.Count}} days"), "Views", reader.N(views, "{{.Count}} view", "{{.Count}} views"), "Payments", reader.N(payments, "{{.Count}} payment", "{{.Count}} payments"))
}

// viewBox is the SVG attribute for a drawing of that size.
func viewBox(width, height int) string { return fmt.Sprintf("0 0 %d %d", width, height) }
