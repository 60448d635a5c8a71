package charts

import "net/url"

// RangeFrom is how many days the chart shows: 7, 30 or 90.
func RangeFrom(q url.Values) int {
	switch q.Get("days") {
	case "7":
		return 7
	case "90":
		return 90
	}
	return 30
}
