// Package e2e tests the built binary from outside: by HTTP and by a browser, on
// both databases.
package e2e

import (
	"fmt"
	"os"
	"testing"

	. "smartlinks/e2e/site"
)

func TestMain(m *testing.M) {
	// The authority of the tests asks at once, where it would dawdle as others do.
	if err := os.Setenv("PEBBLE_VA_NOSLEEP", "1"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(Run(m, ".."))
}

// site is an installation, with what only the tests of this package do to it.
type site struct{ *Site }

// start sets an installation up and serves it until the test ends.
func start(t *testing.T, store ...string) *site {
	t.Helper()
	return &site{Start(t, store...)}
}

// each runs a test on a fresh installation on each database.
func each(t *testing.T, test func(t *testing.T, s *site)) {
	Each(t, func(t *testing.T, s *Site) { test(t, &site{s}) })
}
