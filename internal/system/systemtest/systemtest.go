// Package systemtest makes whole systems for tests: the program's own wiring, in test
// mode, with an option where a test needs a stand-in.
package systemtest

import (
	"bytes"
	"log/slog"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/db"
	"smartlinks/internal/domain/domaintest"
	"smartlinks/internal/secret"
	"smartlinks/internal/system"
	"smartlinks/internal/web/api/apitest"
)

// Key is the secret key of a test's installation, the one of businesstest.Sealer.
func Key() []byte { return bytes.Repeat([]byte{7}, secret.KeySize) }

// Options are those of an installation in test mode. Errors go to the test's output.
func Options(tb testing.TB, change ...func(*system.Options)) system.Options {
	tb.Helper()
	o := system.Options{
		Key: Key(), Sandbox: true, Limits: true, Addresses: addresstest.Book(), HookURL: "http://127.0.0.1:1", Resolver: &domaintest.Zone{},
		Log: slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
	}
	for _, f := range change {
		f(&o)
	}
	return o
}

// New wires a system with Options over the database. Nothing runs in the background
// until its Start. It is closed when the test ends, and the events that it wrote are
// held to the API's document.
func New(tb testing.TB, d *db.DB, change ...func(*system.Options)) *system.System {
	tb.Helper()
	s, err := system.New(d, Options(tb, change...))
	if err != nil {
		tb.Fatal(err)
	}
	apitest.Events(tb, d)
	tb.Cleanup(func() { _ = s.Queue.Stop(tb.Context()) })
	return s
}

// Broken are the names of the invariants that do not hold.
func Broken(t *testing.T, d *db.DB) (names []string) {
	t.Helper()
	for _, must := range system.Invariants {
		var n int64
		if err := d.Get(t.Context(), &n, must.Broken); err != nil {
			t.Fatalf("%s: %v", must.Name, err)
		}
		if n > 0 {
			names = append(names, must.Name)
		}
	}
	return names
}
