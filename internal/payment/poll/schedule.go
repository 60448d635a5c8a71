// Package poll says when a provider is asked how an attempt stands, without being told to.
package poll

import (
	"time"

	"smartlinks/internal/payment/attempt"
)

// firstWait doubles with every poll in vain, up to MaxWait.
const firstWait = 30 * time.Second

// MaxWait is the longest time between two polls of what nothing is heard of.
const MaxWait = time.Hour

// Backoff is how long to leave something alone that was tried so often in vain.
func Backoff(tries int64) time.Duration {
	return min(firstWait<<min(tries, 7), MaxWait) // half a minute doubled seven times is over an hour
}

// Next is when an attempt is polled again: after a growing wait,
// but no later than its hold ends.
func Next(a attempt.Attempt, now time.Time) time.Time {
	next := now.Add(Backoff(a.Tries))
	if a.State == attempt.Open && next.After(a.HoldUntil) && now.Before(a.HoldUntil) {
		return a.HoldUntil
	}
	return next
}

// afterEnd are the waits between the polls of what ended without money: it may
// have been paid all the same, and the webhook lost.
var afterEnd = [...]time.Duration{time.Hour, 24 * time.Hour}

// afterPaid are the waits between the polls of what was paid: it may have been
// refunded or disputed at the provider, and the webhook lost.
var afterPaid = [...]time.Duration{24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour, 60 * 24 * time.Hour}

// AfterPaid is the next of those polls, after so many; zero: no more.
func AfterPaid(now time.Time, tries int64) time.Time {
	if tries >= int64(len(afterPaid)) {
		return time.Time{}
	}
	return now.Add(afterPaid[tries])
}

// AfterEnd is the next of those polls, after so many; zero: no more.
func AfterEnd(now time.Time, tries int64) time.Time {
	if tries >= int64(len(afterEnd)) {
		return time.Time{}
	}
	return now.Add(afterEnd[tries])
}
