package job_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

var errAway = errors.New("the network is away")

func (w world) enqueue(q *job.Queue, payload any, end error) {
	w.t.Helper()
	err := w.InTx(w.t.Context(), func(tx *db.Tx) error {
		if err := q.Enqueue(w.t.Context(), tx, "biz_1", "greet", payload); err != nil {
			return err
		}
		return end
	})
	if !errors.Is(err, end) {
		w.t.Fatal(err)
	}
}

func (w world) jobs() (n int64) {
	w.t.Helper()
	if err := w.Get(w.t.Context(), &n, `SELECT COUNT(*) FROM jobs`); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestAJobRunsOnlyWhenItsTransactionIsCommitted(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		q := newQueue(w)
		ran := make(chan string, 10)
		q.Handle("greet", func(_ context.Context, payload []byte) error {
			ran <- string(payload)
			return nil
		})
		start(t, q)
		w.enqueue(q, "taken back", errors.New("refused"))
		w.enqueue(q, "kept", nil)
		if got := expect(t, ran, "nothing ran"); got != `"kept"` {
			t.Errorf("ran %s", got)
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if len(ran) != 0 || w.jobs() != 0 {
			t.Errorf("%d ran too, %d are left", len(ran), w.jobs())
		}
	})
}

func TestAJobThatFailsIsTriedAgainUntilItSucceeds(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		q := newQueue(w)
		tries := make(chan int, 100)
		n := 0
		q.Handle("greet", func(context.Context, []byte) error {
			n++ // one try at a time
			tries <- n
			if n < 20 {
				return errAway
			}
			return nil
		})
		start(t, q)
		w.enqueue(q, nil, nil)
		for want := range 20 {
			if got := expect(t, tries, "it is not tried again"); got != want+1 {
				t.Fatalf("try %d, want %d", got, want+1)
			}
			if err := q.Settled(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.move(time.Hour)
			q.Recheck()
		}
	})
}

func TestPeriodicWorkComesBack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ran := make(chan string, 10)
		for _, name := range []string{"one", "other"} { // of two processes, one
			q := newQueue(w)
			q.Every("tidy", time.Hour, func(context.Context) error {
				ran <- name
				return errAway // it comes back all the same
			})
			start(t, q)
			defer func() {
				if err := q.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}()
			if name == "one" {
				expect(t, ran, "it does not run when the first process starts")
				if err := q.Settled(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.move(time.Hour)
				q.Recheck()
				expect(t, ran, "it does not come back")
				if err := q.Settled(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(ran) != 0 || w.jobs() != 1 {
			t.Errorf("ran %d times more, %d rows", len(ran), w.jobs())
		}
	})
}

// A job that only a newer version knows waits for it.
func TestAnUnknownJobWaits(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		old, q := newQueue(w), newQueue(w)
		ran := make(chan struct{}, 1)
		q.Handle("greet", func(context.Context, []byte) error { ran <- struct{}{}; return nil })
		start(t, old)
		w.enqueue(old, nil, nil)
		w.waited()
		if err := old.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.move(time.Hour)
		start(t, q)
		expect(t, ran, "it is lost")
	})
}

// waited waits until the only job was looked at and put off.
func (w world) waited() {
	w.t.Helper()
	for end := time.After(patience); ; {
		var row struct{ DueAt db.Time }
		if err := w.Get(w.t.Context(), &row, `SELECT due_at FROM jobs`); err != nil {
			w.t.Fatal(err)
		}
		if row.DueAt.Sub(w.Clock().Wall()) > job.Lease {
			return
		}
		select {
		case <-end:
			w.t.Fatal("it is not put off")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestStopLetsARunningJobFinish(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		q := newQueue(w)
		began, finish, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		q.Handle("greet", func(ctx context.Context, _ []byte) error {
			close(began)
			<-finish
			done <- ctx.Err()
			return nil
		})
		start(t, q)
		w.enqueue(q, nil, nil)
		expect(t, began, "it is not begun")
		stopped := make(chan error, 1)
		go func() { stopped <- q.Stop(t.Context()) }()
		close(finish)
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Errorf("the job was cut: %v", err)
		}
	})
}

// A caller who hangs up while enqueueing must not break the transactions that
// share SQLite's commit.
func TestACancelledCallerBreaksNobodysCommit(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		if w.Engine() == db.PostgreSQL {
			t.Skip("its transactions share nothing")
		}
		q := newQueue(w)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if err := w.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			cancel()
			return q.Enqueue(ctx, tx, "biz_1", "greet", nil)
		}); err != nil {
			t.Error(err)
		}
	})
}
