// Package systemtest makes whole systems for tests: the program's own wiring, in test
// mode, with an option where a test needs a stand-in.
package systemtest

import (
	"bytes"
	"log/slog"
	"net/url"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/secret"
	"smartlinks/internal/system"
	"smartlinks/internal/web/api/apitest"
)

// PublicURL is where the payers of a test's installation come.
const PublicURL = "https://pay.example"

// Key is the secret key of a test's installation, the one of businesstest.Sealer.
func Key() []byte { return bytes.Repeat([]byte{7}, secret.KeySize) }

// New wires a system in test mode over the database. Nothing runs in the background
// until its Start. Errors go to the test's output; it is closed when the test ends.
func New(tb testing.TB, d *db.DB, change ...func(*system.Options)) *system.System {
	tb.Helper()
	public, err := url.Parse(PublicURL)
	if err != nil {
		tb.Fatal(err)
	}
	o := system.Options{
		Key: Key(), Sandbox: true, Limits: true, PublicURL: public, HookURL: "http://127.0.0.1:1",
		Log: slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
	}
	for _, f := range change {
		f(&o)
	}
	s, err := system.New(d, o)
	if err != nil {
		tb.Fatal(err)
	}
	apitest.Events(tb, d)
	tb.Cleanup(func() {
		s.Sandbox.Close()
		s.Messages.Close(tb.Context())
		s.Webhooks.Close(tb.Context())
	})
	return s
}
