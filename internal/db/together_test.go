package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// gather commits transactions that come while another transaction of their name waits for a
// row, and returns what became of each.
func gather(t *testing.T, d *db.DB, statements ...*db.Statement) (failed []error, committed int64) {
	t.Helper()
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE counters SET value = value + 100 WHERE name = 'a'`)
			close(held)
			<-release
			return err
		})
	})
	<-held
	var came, done atomic.Int64
	failed = make([]error, len(statements))
	for i, s := range statements {
		all.Go(func() {
			once := sync.OnceFunc(func() {
				if came.Add(1) == int64(len(statements)) {
					close(release)
				}
			})
			failed[i] = d.Together(t.Context(), "counters", "", func(tx *db.Tx) error {
				if d.Engine() == db.PostgreSQL {
					once()
				}
				tx.AfterCommit(func() { done.Add(1) })
				return tx.Queue(t.Context(), db.Exec(nil, s.Query, s.Arguments...))
			})
		})
		if d.Engine() == db.SQLite {
			if came.Add(1) == int64(len(statements)) {
				close(release)
			}
		}
	}
	all.Wait()
	return failed, done.Load()
}

func TestACrowdIsCommittedTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		const crowd = 20
		var statements []*db.Statement
		for range crowd {
			statements = append(statements, db.Exec(nil, `UPDATE counters SET value = value + 1 WHERE name = $1`, "a"))
		}
		var sizes []int
		var mu sync.Mutex
		stop := d.Observe(func(sent []string) {
			mu.Lock()
			defer mu.Unlock()
			sizes = append(sizes, len(sent))
		})
		failed, committed := gather(t, d, statements...)
		stop()
		if i := slices.IndexFunc(failed, func(err error) bool { return err != nil }); i >= 0 {
			t.Fatal(failed[i])
		}
		if v := value(t, d); v != 100+crowd || committed != crowd {
			t.Errorf("value is %d, %d ran after their commit", v, committed)
		}
		// The first is alone, and those that came until it could go on share the next few.
		if d.Engine() == db.PostgreSQL && len(sizes) > crowd/2 {
			t.Errorf("round trips of %v statements", sizes)
		}
	})
}

func TestWhatFailsTogetherFailsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		var statements []*db.Statement
		for i := range 12 {
			name := fmt.Sprint("b", i)
			if i%4 == 3 {
				name = "a" // is there already
			}
			statements = append(statements, db.Exec(nil, `INSERT INTO counters (name, value) VALUES ($1, 1)`, name))
		}
		failed, committed := gather(t, d, statements...)
		for i, err := range failed {
			if (err != nil) != (i%4 == 3) {
				t.Errorf("transaction %d: %v", i, err)
			}
		}
		var n int64
		if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM counters`); err != nil || n != 10 || committed != 9 {
			t.Errorf("%d rows, %d ran after their commit, %v", n, committed, err)
		}
	})
}

// Who leaves is told how it went all the same: what they asked for may be done.
func TestWhoLeavesWaitsForTheCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		left, leave := context.WithCancel(t.Context())
		var rows int64
		err := d.Together(left, "counters", "", func(tx *db.Tx) error {
			defer leave()
			return tx.Queue(left, db.Exec(&rows, `UPDATE counters SET value = 7`))
		})
		if v := value(t, d); (err == nil) != (v == 7) || err == nil && rows != 1 {
			t.Errorf("value is %d, %d rows, %v", v, rows, err)
		}
	})
}

// What is asked for beside it, such as an entry of the audit log, is done in its transaction,
// also where that asks the database.
func TestWhatStandsWithATransactionIsDoneInIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		refused := errors.New("refused")
		for _, want := range []error{nil, refused} {
			var seen int64
			ctx := db.WithBeforeCommit(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if err := tx.Get(ctx, &seen, `SELECT value FROM counters WHERE name = 'a'`); err != nil {
					return err
				}
				return want
			})
			err := d.Together(ctx, "counters", "", func(tx *db.Tx) error {
				return tx.Queue(ctx, db.Exec(nil, `UPDATE counters SET value = value + 1 WHERE name = 'a'`))
			})
			if !errors.Is(err, want) || value(t, d) != 1 || want == nil && seen != 1 {
				t.Errorf("%v, it saw %d, the value is %d", err, seen, value(t, d))
			}
		}
	})
}

func TestTogetherOnPostgreSQLAwaitsNoAnswerWithin(t *testing.T) {
	d := dbtest.PostgreSQL(t)
	table(t, d)
	var v int64
	if err := d.Together(t.Context(), "counters", "", func(tx *db.Tx) error { return tx.Get(t.Context(), &v, `SELECT value FROM counters`) }); err == nil {
		t.Error("it was asked on no connection")
	}
}
