package db_test

import (
	"errors"
	"testing"

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
	})
}

func checkAway(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, db.ErrAway) || !fault.Is(err, fault.Unavailable) {
		t.Errorf("it is %v", err)
	}
}
