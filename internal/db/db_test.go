package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// table makes a table to play with.
func table(t *testing.T, d *db.DB) {
	t.Helper()
	exec(t, d, `CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL, at BIGINT)`)
	exec(t, d, `INSERT INTO counters (name, value) VALUES ('a', 0)`)
}

func exec(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func value(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var v int64
	if err := d.Get(t.Context(), &v, `SELECT value FROM counters WHERE name = $1`, "a"); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestConcurrentTransactionsLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				err := d.InTx(t.Context(), func(tx *db.Tx) error {
					var v int64
					return tx.Get(t.Context(), &v, `UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value`, "a")
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if v := value(t, d); v != 50 {
			t.Errorf("value is %d", v)
		}
	})
}

func TestAFailedTransactionLeavesNoTraceAndHarmsNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		refused := errors.New("refused")
		var wg sync.WaitGroup
		var committed atomic.Int64
		for i := range 60 {
			wg.Go(func() {
				err := d.InTx(t.Context(), func(tx *db.Tx) error {
					tx.AfterCommit(func() { committed.Add(1) })
					if _, err := tx.Exec(t.Context(), `UPDATE counters SET value = value + 1`); err != nil {
						return err
					}
					if i%3 == 0 {
						return refused
					}
					return nil
				})
				if (i%3 == 0) != errors.Is(err, refused) {
					t.Errorf("transaction %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if v := value(t, d); v != 40 || committed.Load() != 40 {
			t.Errorf("value is %d, %d ran after their commit", v, committed.Load())
		}
	})
}

func TestAPanicReachesItsCallerAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = d.InTx(t.Context(), func(tx *db.Tx) error {
				if _, err := tx.Exec(t.Context(), `UPDATE counters SET value = 9`); err != nil {
					return err
				}
				panic("boom")
			})
		}()
		if v := value(t, d); v != 0 {
			t.Errorf("value is %d", v)
		}
	})
}

func TestACancelledCallerChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := d.InTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE counters SET value = 9`)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
		if v := value(t, d); v != 0 {
			t.Errorf("value is %d", v)
		}
	})
}

func TestInstantsKeepMicrosecondsAndNull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		at := time.Date(2026, 2, 18, 10, 42, 7, 123456000, time.UTC)
		exec(t, d, `UPDATE counters SET at = $1`, db.At(at))
		var row struct{ At db.Time }
		if err := d.Get(t.Context(), &row, `SELECT at FROM counters`); err != nil || !row.At.Equal(at) {
			t.Errorf("read %v, %v", row.At, err)
		}
		exec(t, d, `UPDATE counters SET at = $1`, db.AtPtr(nil))
		if err := d.Get(t.Context(), &row, `SELECT at FROM counters WHERE at IS NULL`); err != nil || row.At.Ptr() != nil {
			t.Errorf("read %v, %v", row.At, err)
		}
	})
}

func TestMissingRowsAndTakenKeysAreTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		var v int64
		if err := d.Get(t.Context(), &v, `SELECT value FROM counters WHERE name = $1`, "none"); !errors.Is(err, db.ErrNoRows) {
			t.Errorf("error is %v", err)
		}
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO counters (name, value) VALUES ('a', 1)`)
			return err
		})
		if !db.IsUnique(err) {
			t.Errorf("error is %v", err)
		}
	})
}

func TestNoticesComeAfterTheCommitAndOnlyThen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		var heard atomic.Int64
		cancel := d.Subscribe(func(topic, key string) {
			if topic == "link" && key == "lnk_1" {
				heard.Add(1)
			}
		})
		defer cancel()
		_ = d.InTx(t.Context(), func(tx *db.Tx) error {
			tx.Notify("link", "lnk_1")
			return errors.New("refused")
		})
		if heard.Load() != 0 {
			t.Error("a notice of what never happened")
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			tx.Notify("link", "lnk_1")
			if heard.Load() != 0 {
				t.Error("a notice before the commit")
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if heard.Load() != 1 {
			t.Errorf("heard %d notices", heard.Load())
		}
	})
}

func TestOneProcessHearsWhatAnotherChanged(t *testing.T) {
	t.Run("sqlite, a command beside the server", func(t *testing.T) {
		path := t.TempDir() + "/smartlinks.db"
		server := dbtest.Open(t, db.Config{Path: path})
		command, err := db.Open(t.Context(), db.Config{Path: path, Clock: server.Clock(), Random: server.Random()})
		if err != nil {
			t.Fatal(err)
		}
		defer command.Close()
		hears(t, server, command, "*")
	})
	t.Run("postgresql", func(t *testing.T) {
		url := dbtest.NewPostgres(t)
		hears(t, dbtest.Open(t, db.Config{URL: url}), dbtest.Open(t, db.Config{URL: url}), "link")
	})
}

// hears repeats the change until it is heard, because listening starts in the
// background.
func hears(t *testing.T, one, other *db.DB, topic string) {
	t.Helper()
	heard := make(chan struct{}, 1)
	cancel := one.Subscribe(func(got, key string) {
		if got == topic {
			select {
			case heard <- struct{}{}:
			default:
			}
		}
	})
	defer cancel()
	deadline := time.After(10 * time.Second)
	for {
		if err := other.InTx(t.Context(), func(tx *db.Tx) error {
			tx.Notify("link", "lnk_1")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-heard:
			return
		case <-deadline:
			t.Fatal("nothing was heard")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func TestInNumbersItsPlaceholders(t *testing.T) {
	if got := fmt.Sprintf("IN (%s)", db.In(3, 2)); got != "IN ($2, $3, $4)" {
		t.Error(got)
	}
}

func BenchmarkTransaction(b *testing.B) {
	d := dbtest.SQLite(b)
	ctx := b.Context()
	if err := d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE c (id BIGINT PRIMARY KEY, v TEXT)`)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := d.InTx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO c (id, v) VALUES ($1, $2)`, n.Add(1), "some text")
				return err
			}); err != nil {
				b.Error(err)
			}
		}
	})
}

// Anybody can put such bytes into an address.
func TestWhatNoTextHoldsMatchesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type name string
		for _, word := range []any{"\x00", "a\x00b", "\xff", name("x\x00"), name("\xe9")} {
			var n int
			if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM businesses WHERE id = $1 OR handle = $1`, word); err != nil || n != 0 {
				t.Errorf("%q: %d rows, %v", word, n, err)
			}
			pattern := "%" + fmt.Sprint(word) + "%"
			if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM (SELECT 'abc' AS name) AS one WHERE name LIKE $1 ESCAPE '\'`, pattern); err != nil || n != 0 {
				t.Errorf("like %q: %d rows, %v", pattern, n, err)
			}
		}
	})
}

// What others' servers answer is kept on both engines, and found again.
func TestWhatNoTextHoldsIsStoredWithMarks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		exec(t, d, `INSERT INTO counters (name, value) VALUES ($1, 1)`, "sent\x00 back \xe9")
		var name string
		if err := d.Get(t.Context(), &name, `SELECT name FROM counters WHERE name = $1`, "sent\x00 back \xe9"); err != nil || name != "sent\ufffd back \ufffd" {
			t.Errorf("%q, %v", name, err)
		}
	})
}

func TestStatementsSentTogetherRunInOrderAndAllOrNone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		add := func() *db.Statement {
			return db.Exec(nil, `UPDATE counters SET value = value + $2 WHERE name = $1`, "a", 3)
		}
		double := db.Exec(nil, `UPDATE counters SET value = value * 2 WHERE name = $1`, "a")
		twice := db.Exec(nil, `INSERT INTO counters (name, value) VALUES ($1, 0)`, "a")
		var seen, rows int64
		var names []string
		missing := db.One(&rows, `SELECT value FROM counters WHERE name = $1`, "nobody")
		for name, together := range map[string]func(all ...*db.Statement) error{
			"together": func(all ...*db.Statement) error {
				return d.InTx(t.Context(), func(tx *db.Tx) error { return tx.Batch(t.Context(), all...) })
			},
			"later": func(all ...*db.Statement) error {
				return d.InTx(t.Context(), func(tx *db.Tx) error { return tx.Queue(t.Context(), all...) })
			},
		} {
			exec(t, d, `UPDATE counters SET value = 0`)
			if err := together(add(), double, add(), db.One(&seen, `SELECT value FROM counters WHERE name = $1`, "a"), missing, db.All(&names, `SELECT name FROM counters`),
				db.Exec(&rows, `UPDATE counters SET value = value`)); err != nil || value(t, d) != 9 || seen != 9 || !missing.None || len(names) != 1 || rows != 1 {
				t.Errorf("%s: value is %d, seen as %d, %q, %d changed, %v", name, value(t, d), seen, names, rows, err)
			}
			if err := together(add(), twice, add()); !db.IsUnique(err) || value(t, d) != 9 {
				t.Errorf("%s: after a failure the value is %d, %v", name, value(t, d), err)
			}
			if err := together(); err != nil {
				t.Errorf("%s: nothing to run: %v", name, err)
			}
		}
		if err := d.Batch(t.Context(), db.One(&seen, `SELECT value FROM counters WHERE name = $1`, "a"), missing); err != nil || seen != 9 || !missing.None {
			t.Errorf("read together: %d, %v", seen, err)
		}
	})
}

// On PostgreSQL a transaction is as many ways there and back as it awaits answers, and
// one for the commit.
func TestRoundTripsOfATransaction(t *testing.T) {
	d := dbtest.PostgreSQL(t)
	table(t, d)
	for want, do := range map[int]func(tx *db.Tx) error{
		0: func(*db.Tx) error { return nil },
		1: func(tx *db.Tx) error {
			return tx.Queue(t.Context(), db.Exec(nil, `UPDATE counters SET value = 1`), db.Exec(nil, `UPDATE counters SET value = 2`))
		},
		3: func(tx *db.Tx) error {
			var n int64
			if err := tx.Lock(t.Context(), "a"); err != nil {
				return err
			}
			if err := tx.Get(t.Context(), &n, `SELECT COUNT(*) FROM counters`); err != nil {
				return err
			}
			if err := tx.Batch(t.Context(), db.One(&n, `SELECT COUNT(*) FROM counters`), db.One(&n, `SELECT COUNT(*) FROM counters`)); err != nil {
				return err
			}
			return tx.Queue(t.Context(), db.Exec(nil, `UPDATE counters SET value = 3`))
		},
	} {
		var trips atomic.Int64
		stop := d.Observe(func([]string) { trips.Add(1) })
		if err := d.InTx(t.Context(), do); err != nil {
			t.Fatal(err)
		}
		stop()
		if int(trips.Load()) != want {
			t.Errorf("%d round trips, want %d", trips.Load(), want)
		}
	}
}
