// Package retry has the rules by which messages of every channel are tried again.
package retry

import (
	"errors"
	"time"

	"smartlinks/internal/fault"
)

const (
	// AtOnce bounds how many messages of a channel a process hands over at the same
	// time, so that a slow gateway holds up its own channel alone; AtOnceEach those of
	// one business, so that one with many holds up nobody else.
	AtOnce, AtOnceEach = 12, 8
	// firstWait doubles with every try in vain, up to maxWait.
	firstWait = time.Minute
	maxWait   = 4 * time.Hour
	// MaxTries makes the waits add up to a day.
	MaxTries = 14
	// MaxPutOff bounds how long one message's failure holds back others.
	MaxPutOff = 5 * time.Minute
	// TestWait bounds how long a person waits to hear whether a test was sent.
	TestWait = 20 * time.Second
	// MostShown bounds how many are listed that did not arrive.
	MostShown = 20
)

// Claimed is what a claim sets. It counts as a try, so that a message whose sending kills
// the process isn't tried for ever.
const Claimed = "state = 'sending', tries = tries + 1"

// Wait is how long to leave a message alone that was tried so often.
func Wait(tries int64) time.Duration {
	if tries > 8 { // a minute doubled eight times is over four hours
		return maxWait
	}
	return min(firstWait<<max(tries-1, 0), maxWait)
}

// Reason is what people are told of a failure that no gateway has words for.
func Reason(err error) string {
	if f := (*fault.Error)(nil); errors.As(err, &f) && f.Code != fault.Internal {
		return f.Message
	}
	return "Something went wrong on our side; the log says what."
}
