package job_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/job"
	"smartlinks/internal/job/jobtest"
)

// patience is how long a test waits for what happens at once.
const patience = 20 * time.Second

// world is a database with a table of work, and a clock that the test moves.
type world struct {
	*db.DB
	t     *testing.T
	moved *atomic.Int64
}

func each(t *testing.T, test func(t *testing.T, w world)) {
	t.Helper()
	run := func(name string, config func() db.Config) {
		t.Run(name, func(t *testing.T) {
			var moved atomic.Int64
			c := config()
			c.Clock = clock.From(func() time.Time { return dbtest.Start.Add(time.Duration(moved.Load())) })
			w := world{dbtest.Open(t, c), t, &moved}
			w.exec(`CREATE TABLE pieces (id BIGINT PRIMARY KEY, share TEXT NOT NULL, due_at BIGINT, done BIGINT NOT NULL DEFAULT 0)`)
			w.exec(`CREATE INDEX pieces_due ON pieces (due_at) WHERE due_at IS NOT NULL`)
			w.exec(`CREATE INDEX pieces_turns ON pieces (share, due_at) WHERE due_at IS NOT NULL`)
			test(t, w)
		})
	}
	run("sqlite", func() db.Config { return db.Config{Path: dbtest.NewSQLite(t)} })
	run("postgresql", func() db.Config { return db.Config{URL: dbtest.NewPostgres(t)} })
}

func (w world) exec(query string, args ...any) {
	w.t.Helper()
	if err := w.InTx(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), query, args...)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

// move lets time pass.
func (w world) move(by time.Duration) { w.moved.Add(int64(by)) }

// piece is a row of work.
type piece struct {
	ID    int64
	Group string `db:"share"`
}

// add writes pieces of a group that are due after a while.
func (w world) add(work job.Work[piece], group string, after time.Duration, ids ...int64) {
	w.t.Helper()
	if err := w.InTx(w.t.Context(), func(tx *db.Tx) error {
		at := w.Clock().Wall().Add(after)
		for _, id := range ids {
			if _, err := tx.Exec(w.t.Context(), `INSERT INTO pieces (id, share, due_at) VALUES ($1, $2, $3)`, id, group, db.At(at)); err != nil {
				return err
			}
		}
		if work != nil {
			work.DueAt(tx, at)
		}
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

// work is the table's kind of work in a queue; what do leaves undone stays so.
func (w world) work(q *job.Queue, atOnce, each int, do func(ctx context.Context, p piece) error) job.Work[piece] {
	return job.Add(q, job.Kind[piece]{
		Name: "pieces", AtOnce: atOnce, AtOnceEach: each,
		Rows:    job.Rows{Table: "pieces", Key: []string{"id"}, ByWall: true, Group: "share", Returning: "id, share"},
		KeyOf:   func(p piece) []any { return []any{p.ID} },
		GroupOf: func(p piece) string { return p.Group },
		Do: func(ctx context.Context, p piece) error {
			if err := do(ctx, p); err != nil {
				return err
			}
			return w.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE pieces SET due_at = NULL, done = done + 1 WHERE id = $1`, p.ID)
				return err
			})
		},
	})
}

// done is how many pieces are done, and how often at most.
func (w world) done() (pieces, most int64) {
	w.t.Helper()
	var found struct{ N, Most int64 }
	if err := w.Get(w.t.Context(), &found, `SELECT COUNT(*) AS n, COALESCE(MAX(done), 0) AS most FROM pieces WHERE done > 0`); err != nil {
		w.t.Fatal(err)
	}
	return found.N, found.Most
}

func start(t *testing.T, q *job.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// expect waits for a sign.
func expect[T any](t *testing.T, signs <-chan T, what string) (sign T) {
	t.Helper()
	select {
	case sign = <-signs:
	case <-time.After(patience):
		t.Fatal(what)
	}
	return sign
}

// killed is a context that leaves no time to finish.
func killed(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func newQueue(w world) *job.Queue { return jobtest.New(w.t, w.DB) }
