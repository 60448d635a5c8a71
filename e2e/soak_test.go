package e2e

import (
	"os"
	"strconv"
	"testing"
)

// soak skips a long test outside of `make soak`, and returns how often it is to
// repeat what it does: what the variable says, or the usual number.
func soak(t *testing.T, variable string, usual int) int {
	t.Helper()
	if os.Getenv("SMARTLINKS_SOAK") == "" {
		t.Skip("a long test; `make soak` runs it")
	}
	if text := os.Getenv(variable); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 {
			t.Fatalf("%s must be a number above zero, not %q", variable, text)
		}
		return n
	}
	return usual
}
