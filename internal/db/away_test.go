package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

// A database that can't work is told apart from a mistake of ours, so that people and
// programs are asked to come back.
func TestADatabaseThatIsAwayIsUnavailable(t *testing.T) {
	t.Run("sqlite, the disk is full", func(t *testing.T) {
		d := dbtest.SQLite(t)
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `PRAGMA max_page_count = 1`); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `CREATE TABLE large (b BLOB)`); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), `INSERT INTO large VALUES (zeroblob(1000000))`)
			return err
		})
		checkAway(t, err)
	})
	t.Run("postgresql, its connections end", func(t *testing.T) {
		d := dbtest.PostgreSQL(t)
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `SELECT pg_terminate_backend(pg_backend_pid())`)
			return err
		})
		checkAway(t, err)
	})
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Get(t.Context(), new(int), `SELECT nothing FROM nowhere`)
		if err == nil || errors.Is(err, db.ErrAway) {
			t.Errorf("a mistake of ours is %v", err)
		}
		over, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
		defer cancel()
		checkAway(t, d.InTx(over, func(tx *db.Tx) error { return tx.Get(over, new(int), `SELECT 1`) }))
	})
}

// While another program holds SQLite's file, a crowd waits for it together, not one after
// another.
func TestWhoeverWaitsForAFileThatIsHeldFailsTogether(t *testing.T) {
	d := dbtest.SQLite(t)
	const patience = 300 * time.Millisecond
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `PRAGMA busy_timeout = 300`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	other := dbtest.Open(t, db.Config{Path: d.Where()})
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := other.InTx(t.Context(), func(*db.Tx) error {
			close(held)
			<-release
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	began := time.Now()
	var crowd sync.WaitGroup
	const waiting = 30
	for range waiting {
		crowd.Go(func() { checkAway(t, d.InTx(t.Context(), func(*db.Tx) error { return nil })) })
	}
	crowd.Wait()
	close(release)
	all.Wait()
	if took := time.Since(began); took > waiting/3*patience {
		t.Errorf("%d transactions waited %v", waiting, took)
	}
}

func checkAway(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, db.ErrAway) || !fault.Is(err, fault.Unavailable) {
		t.Errorf("it is %v", err)
	}
}
