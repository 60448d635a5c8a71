package webhook_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/webhook"
)

// Whatever endpoints ask for: tries come ever further apart, ten of them, and
// the last one no sooner than three days behind the first.
func TestTriesGrowApartOverThreeDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var whole, before time.Duration
		tries, polite := 1, rapid.Bool().Draw(t, "asks for nothing")
		for {
			asked := time.Duration(0)
			if !polite {
				asked = time.Duration(rapid.Int64Range(-1, int64(1000*time.Hour)).Draw(t, "Retry-After"))
			}
			wait, again := webhook.NextTry(tries, asked)
			if !again {
				break
			}
			if wait <= 0 || wait > 24*time.Hour || wait < min(asked, 24*time.Hour) {
				t.Fatalf("after try %d, asked for %v: %v", tries, asked, wait)
			}
			if polite && wait <= before {
				t.Fatalf("%v after %v", wait, before)
			}
			before = wait
			whole += wait
			tries++
		}
		if tries != 10 || whole < 72*time.Hour || whole > 9*24*time.Hour || polite && whole > 78*time.Hour {
			t.Fatalf("%d tries within %v", tries, whole)
		}
	})
	for _, tries := range []int{-1, 0, 10, 1 << 40} {
		if _, again := webhook.NextTry(tries, 0); again {
			t.Errorf("again after %d", tries)
		}
	}
}
