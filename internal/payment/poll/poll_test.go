package poll

import (
	"fmt"
	"testing"
	"time"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/attempt"
)

// However many payers reload, a provider is asked again for each when the pause is over, and
// only those of a moment are remembered.
func TestAThrottleForgetsWhoWasAskedLongAgo(t *testing.T) {
	var asked Throttle
	now := dbtest.Start
	for i := range maxRemembered {
		if id := attempt.ID(fmt.Sprint(i)); asked.Fresh(id, now) || !asked.Fresh(id, now.Add(pause-1)) {
			t.Fatalf("%s was asked about before it was, or was not", id)
		}
	}
	if now = now.Add(pause); asked.Fresh("0", now) || len(asked.last) != 1 {
		t.Errorf("%d are remembered after the pause", len(asked.last))
	}
}

// Polls beyond a provider's rate are put off one behind another, not to one instant.
func TestPollsBeyondTheRateComeOneAfterAnother(t *testing.T) {
	var r Rate
	a := attempt.Attempt{Provider: "far", BusinessID: "acme"}
	for range burst {
		if wait := r.Wait(a, dbtest.Start); wait != 0 {
			t.Fatalf("the burst waits %s", wait)
		}
	}
	for i := range 3 {
		if got, want := r.Wait(a, dbtest.Start), time.Second+time.Duration(i+1)*200*time.Millisecond; got != want {
			t.Errorf("it waits %s, want %s", got, want)
		}
	}
}
