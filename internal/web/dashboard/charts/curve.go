package charts

import (
	"math"
	"strconv"
	"strings"
)

// newSparkline returns the line and the filled area of a small chart of the
// values on 68 × 22 units.
func newSparkline(values []int64) (line, area string) {
	if len(values) < 2 {
		return "", ""
	}
	const width, top, bottom = 68.0, 2.0, 21.0
	most := int64(1)
	for _, v := range values {
		most = max(most, v)
	}
	points := make([]point, len(values))
	for i, v := range values {
		points[i] = point{float64(i) * width / float64(len(values)-1), bottom - float64(v)/float64(most)*(bottom-top)}
	}
	line = smoothPath(points)
	return line, line + "L" + Number(width) + " 22L0 22Z"
}

type point struct{ x, y float64 }

// smoothPath joins points by a monotone cubic (Fritsch and Carlson, 1980), so
// that the curve never swings above or below the figures it joins.
func smoothPath(points []point) string {
	if len(points) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("M" + Number(points[0].x) + " " + Number(points[0].y))
	slopes := monotoneSlopes(points)
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		third := (to.x - from.x) / 3
		b.WriteString("C" + Number(from.x+third) + " " + Number(from.y+slopes[i-1]*third))
		b.WriteString(" " + Number(to.x-third) + " " + Number(to.y-slopes[i]*third))
		b.WriteString(" " + Number(to.x) + " " + Number(to.y))
	}
	return b.String()
}

func monotoneSlopes(points []point) []float64 {
	n := len(points)
	slopes := make([]float64, n)
	if n < 2 {
		return slopes
	}
	secants := make([]float64, n-1)
	for i := range secants {
		secants[i] = (points[i+1].y - points[i].y) / (points[i+1].x - points[i].x)
	}
	slopes[0], slopes[n-1] = secants[0], secants[n-2]
	for i := 1; i < n-1; i++ {
		before, after := secants[i-1], secants[i]
		if before*after <= 0 {
			continue // a peak, a valley or a flat: level
		}
		slopes[i] = (before + after) / 2
		if limit := 3 * min(math.Abs(before), math.Abs(after)); math.Abs(slopes[i]) > limit {
			slopes[i] = math.Copysign(limit, slopes[i])
		}
	}
	return slopes
}

// Number writes a length with one decimal, without a trailing zero.
func Number(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}
