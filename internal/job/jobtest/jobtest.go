// Package jobtest makes queues for the tests of other packages.
package jobtest

import (
	"context"
	"log/slog"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

// New returns the queue of the database. What is due waits there: nothing works on it
// until somebody drains it or starts the queue. It is stopped when the test ends.
func New(tb testing.TB, d *db.DB) *job.Queue {
	tb.Helper()
	q := job.New(d, slog.New(slog.DiscardHandler))
	tb.Cleanup(func() {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		_ = q.Stop(ended)
	})
	return q
}
