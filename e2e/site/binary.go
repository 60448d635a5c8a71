// Package site starts the built binary with a database of its own for tests from outside,
// and browsers to use it by.
package site

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Binary is the program under test, which Run provides.
var Binary string

// built names a binary that was built before: whoever runs several packages of tests gives
// it, so that the program is linked once for all of them.
const built = "SMARTLINKS_TEST_BINARY"

// Run runs a package's tests on the program, for its TestMain. Root is the folder of the
// program's own module.
func Run(m *testing.M, root string) int {
	defer func() {
		if err := dropPrepared(); err != nil {
			fmt.Fprintln(os.Stderr, "drop what was prepared:", err)
		}
	}()
	if Binary = os.Getenv(built); Binary != "" {
		return m.Run()
	}
	// Not in TMPDIR, which may be in memory, where nothing may be executed.
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "smartlinks-e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	Binary = filepath.Join(dir, "smartlinks")
	// As scripts/checks.sh builds it: what it weighs is told by a test.
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-gcflags=smartlinks/...=-l", "-o", Binary, "./cmd/smartlinks")
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}
