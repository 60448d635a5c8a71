// Package e2e tests the built binary from outside: by HTTP and by a browser, on
// both databases.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is the program under test, built once by TestMain.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	// The authority of the tests asks at once, where it would dawdle as others do.
	if err := os.Setenv("PEBBLE_VA_NOSLEEP", "1"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	// Not in TMPDIR, which may be in memory, where nothing may be executed.
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "smartlinks-e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "smartlinks")
	build := exec.Command("go", "build", "-o", binary, "./cmd/smartlinks")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}
