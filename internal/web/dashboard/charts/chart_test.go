package charts

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/web/dashboard/frame"
)

func someDays(values ...int64) []Day {
	days := make([]Day, len(values))
	for i, v := range values {
		days[i] = Day{Date: time.Date(2026, 2, 18-len(values)+1+i, 0, 0, 0, 0, time.UTC), Views: v}
	}
	return days
}

func TestChartLabelsEndToday(t *testing.T) {
	c := newChart(frame.Reader{}, someDays(make([]int64, 30)...), 760, 226, 5)
	if got := c.Labels[0].Text; got != "18 Feb" {
		t.Errorf("the label counted from the end is %q, want today's", got)
	}
	if got := c.Labels[1].Text; got != "13 Feb" {
		t.Errorf("the label before is %q, want five days earlier", got)
	}
}

func TestChartOfNothingHasAnAxis(t *testing.T) {
	c := newChart(frame.Reader{}, someDays(0, 0, 0), 760, 226, 1)
	if len(c.Grid) != 4 || c.Grid[0].Label != "0" || c.Grid[3].Label != "3" {
		t.Errorf("grid %+v, want four lines from 0 to 3", c.Grid)
	}
	if len(c.Bars) != 0 {
		t.Error("bars without payments")
	}
}

func TestChartStaysInsideItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := someDays(rapid.SliceOfN(rapid.Int64Range(0, 1e9), 1, 90).Draw(t, "views")...)
		for i := range days {
			days[i].Payments = rapid.Int64Range(0, 1e9).Draw(t, "payments")
		}
		c := newChart(frame.Reader{}, days, 760, 226, 5)
		for _, text := range strings.FieldsFunc(c.Line, func(r rune) bool { return r == ' ' || r == 'M' || r == 'C' }) {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || v < 0 || v > 760 {
				t.Fatalf("the line holds %q: %s", text, c.Line)
			}
		}
		for _, bar := range c.Bars {
			if y, err := strconv.ParseFloat(bar.Y, 64); err != nil || y < plotTop {
				t.Fatalf("a bar begins at %q, above the plot", bar.Y)
			}
		}
	})
}

// A curve through counts must not swing below zero between two of them.
func TestSmoothPathStaysBetweenItsPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ys := rapid.SliceOfN(rapid.Float64Range(0, 100), 2, 40).Draw(t, "y")
		points := make([]point, len(ys))
		for i, y := range ys {
			points[i] = point{float64(i) * 10, y}
		}
		slopes := monotoneSlopes(points)
		for i := 1; i < len(points); i++ {
			low, high := min(ys[i-1], ys[i])-1e-9, max(ys[i-1], ys[i])+1e-9
			first, second := ys[i-1]+slopes[i-1]*10/3, ys[i]-slopes[i]*10/3
			if first < low || first > high || second < low || second > high {
				t.Fatalf("between %v and %v the curve bends by %v and %v", ys[i-1], ys[i], first, second)
			}
		}
	})
}
