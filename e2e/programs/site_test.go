// Package programs tests the built binary with programs that people use it by: its own
// command line, assistants of others, and those that ask many people at once, on both
// databases.
package programs

import (
	"os"
	"path/filepath"
	"testing"

	. "smartlinks/e2e/site"
)

func TestMain(m *testing.M) { os.Exit(Run(m, filepath.Join("..", ".."))) }

// site is an installation that is served by one process, which may be killed.
type site struct {
	*Site
	address string
	process *Process
}

// each runs a test on a fresh installation on each database.
func each(t *testing.T, test func(t *testing.T, s *site)) {
	EachStore(t, func(t *testing.T, store ...string) { test(t, start(t, store...)) })
}

// start sets an installation up and serves it until the test ends.
func start(t *testing.T, store ...string) *site {
	t.Helper()
	s := &site{Site: &Site{Store: store}, address: FreeAddress(t)}
	s.SetUp(t)
	s.serve(t)
	s.URL = s.process.URL
	t.Cleanup(func() { s.process.Stop(t) })
	return s
}

// serve starts the process, where the one that was killed had been.
func (s *site) serve(t *testing.T) {
	t.Helper()
	s.process = s.Launch(t, s.address, "warn")
}
