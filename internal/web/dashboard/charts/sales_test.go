package charts

import (
	"testing"

	"pgregory.net/rapid"

	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
)

func TestBarsStayInsideTheirFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD"}).Draw(t, "currency")
		var points []visit.DayFigures
		for i := range rapid.SampledFrom([]int{7, 30, 90}).Draw(t, "days") {
			points = append(points, visit.DayFigures{Day: int64(i), Counts: visit.Counts{Revenue: rapid.Int64Range(0, 1e12).Draw(t, "revenue")}})
		}
		drawing := NewSales(frame.Reader{}, map[string][]visit.DayFigures{string(currency): points}, currency, len(points)).draw(frame.Reader{}, 340, 200, 5)
		if len(drawing.Bars) != len(points) || len(drawing.Grid) != gridSteps+1 {
			t.Fatalf("%d bars of %d days, %d lines", len(drawing.Bars), len(points), len(drawing.Grid))
		}
		for _, bar := range drawing.Bars {
			if bar.Y[0] == '-' || bar.Height[0] == '-' || bar.Width[0] == '-' || bar.X[0] == '-' {
				t.Fatalf("a bar lies outside: %+v", bar.chartBar)
			}
		}
	})
}
