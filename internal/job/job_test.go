package job_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/job"
)

func mustQueue(t *testing.T, d *db.DB) *job.Queue {
	t.Helper()
	q, err := job.New(d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func start(t *testing.T, q *job.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestAJobRunsOnlyWhenItsTransactionIsCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := mustQueue(t, d)
		ran := make(chan string, 10)
		q.Handle("greet", func(_ context.Context, payload []byte) error {
			ran <- string(payload)
			return nil
		})
		enqueue := func(word string, end error) {
			if err := d.InTx(t.Context(), func(tx *db.Tx) error {
				if err := q.Enqueue(t.Context(), tx, "greet", word); err != nil {
					return err
				}
				return end
			}); !errors.Is(err, end) {
				t.Fatal(err)
			}
		}
		enqueue("taken back", errors.New("refused"))
		enqueue("kept", nil)
		start(t, q)
		select {
		case got := <-ran:
			if got != `"kept"` {
				t.Errorf("ran %s", got)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nothing ran")
		}
		if len(ran) != 0 {
			t.Errorf("ran %s too", <-ran)
		}
	})
}

func TestPeriodicWorkRuns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := mustQueue(t, d)
		ran := make(chan struct{}, 10)
		q.Every("tick", time.Second, func(context.Context) error {
			ran <- struct{}{}
			return nil
		})
		start(t, q)
		for range 2 {
			select {
			case <-ran:
			case <-time.After(30 * time.Second):
				t.Fatal("it does not run")
			}
		}
	})
}

func TestAJobThatFailsIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := mustQueue(t, d)
		tries := make(chan int, 10)
		n := 0
		q.Handle("greet", func(context.Context, []byte) error {
			n++ // one try at a time
			tries <- n
			if n == 1 {
				return errors.New("the network is away")
			}
			return nil
		})
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { return q.Enqueue(t.Context(), tx, "greet", nil) }); err != nil {
			t.Fatal(err)
		}
		start(t, q)
		for want := range 2 {
			select {
			case got := <-tries:
				if got != want+1 {
					t.Errorf("try %d, want %d", got, want+1)
				}
			case <-time.After(30 * time.Second):
				t.Fatal("it is not tried again")
			}
		}
	})
}

func TestStopLetsARunningJobFinish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := mustQueue(t, d)
		began, finish, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		q.Handle("slow", func(ctx context.Context, _ []byte) error {
			close(began)
			<-finish
			done <- ctx.Err()
			return nil
		})
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { return q.Enqueue(t.Context(), tx, "slow", nil) }); err != nil {
			t.Fatal(err)
		}
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-began
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
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := mustQueue(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if err := d.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			cancel()
			return q.Enqueue(ctx, tx, "greet", nil)
		}); err != nil {
			t.Error(err)
		}
	})
}

// Jobs are rows too: those that are done go by themselves.
func TestJobsThatAreDoneAreForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := mustQueue(t, d)
		q.Handle("greet", func(context.Context, []byte) error { return nil })
		for range 2 {
			err := d.InTx(t.Context(), func(tx *db.Tx) error { return q.Enqueue(t.Context(), tx, "greet", "") })
			if err != nil {
				t.Fatal(err)
			}
		}
		var first int64
		if err := d.Get(t.Context(), &first, `SELECT MIN(id) FROM river_job`); err != nil {
			t.Fatal(err)
		}
		// One was done three hours ago.
		ago := `datetime('now', '-3 hours')`
		if d.Engine() == db.PostgreSQL {
			ago = `NOW() - INTERVAL '3 hours'`
		}
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE river_job SET state = 'completed', finalized_at = `+ago+` WHERE id = $1`, first)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		start(t, q)
		look, late := time.NewTicker(100*time.Millisecond), time.After(time.Minute)
		defer look.Stop()
		for there := 1; there > 0; {
			select {
			case <-look.C:
			case <-late:
				t.Fatal("it is still there")
			}
			if err := d.Get(t.Context(), &there, `SELECT COUNT(*) FROM river_job WHERE id = $1`, first); err != nil {
				t.Fatal(err)
			}
		}
		var left int
		if err := d.Get(t.Context(), &left, `SELECT COUNT(*) FROM river_job`); err != nil || left != 1 {
			t.Errorf("%d jobs are left, %v: what was done just now can be looked at", left, err)
		}
	})
}
