// Package jobtest makes queues for the tests of other packages.
package jobtest

import (
	"log/slog"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

// New returns the queue of the database. What is enqueued waits there: nothing works on
// it until somebody starts the queue.
func New(tb testing.TB, d *db.DB) *job.Queue {
	tb.Helper()
	q, err := job.New(d, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	return q
}
