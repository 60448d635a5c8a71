package publictest

import (
	"testing"
	"time"
)

// Eventually waits for what another connection has to hear of first.
func Eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	for !is() {
		select {
		case <-deadline:
			t.Fatal("never: " + what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
