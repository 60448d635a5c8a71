package webhook

import "time"

// waits are the pauses behind the tries that failed: ten tries within about
// three days and a quarter, close together first because most troubles are short.
var waits = [...]time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// NextTry is how long to wait after so many failed tries, counted from 1;
// again is false behind the tenth. What the endpoint asked for in Retry-After
// is kept to where it is longer than our own pause, up to the longest of ours.
func NextTry(failed int, asked time.Duration) (wait time.Duration, again bool) {
	if failed < 1 || failed > len(waits) {
		return 0, false
	}
	return max(waits[failed-1], min(asked, waits[len(waits)-1])), true
}
