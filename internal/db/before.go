package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Before the first release the steps up to lastBefore were written anew as those from
// firstStep to lastFirst, one for each group of tables. A database with all of the former
// is taken over; one with fewer must be brought there by the version that knows them.
const (
	lastBefore = 160
	firstStep  = 161
	lastFirst  = 169
)

// ErrTooOld says that a database is from before the steps that this version knows.
var ErrTooOld = errors.New("db: it is from before the steps of this version")

// before is what an engine's database had at lastBefore: how many steps, and what differs
// from the steps that replace them.
type before struct {
	steps   int
	changes []string
}

var sqliteBefore = before{steps: 70, changes: []string{
	`ALTER TABLE mail_settings DROP COLUMN tell_paid`,
	`ALTER TABLE mail_settings DROP COLUMN tell_limit`,
	`DROP INDEX acts_list`,
	`DROP INDEX acts_old`,
	`DROP INDEX acts_actor`,
	`ALTER TABLE acts RENAME TO audit_log`,
	`CREATE INDEX audit_log_list ON audit_log (business_id, at, id)`,
	`CREATE INDEX audit_log_old ON audit_log (at)`,
	`CREATE INDEX audit_log_actor ON audit_log (business_id, actor, at)`,
}}

var postgresBefore = before{steps: 73, changes: []string{
	`ALTER TABLE mail_settings DROP COLUMN tell_paid`,
	`ALTER TABLE mail_settings DROP COLUMN tell_limit`,
	`ALTER TABLE acts RENAME TO audit_log`,
	`ALTER INDEX acts_list RENAME TO audit_log_list`,
	`ALTER INDEX acts_old RENAME TO audit_log_old`,
	`ALTER INDEX acts_actor RENAME TO audit_log_actor`,
	`ALTER INDEX acts_pkey RENAME TO audit_log_pkey`,
	`ALTER TABLE audit_log RENAME CONSTRAINT acts_business_id_fkey TO audit_log_business_id_fkey`,
	`ALTER TABLE attempts VALIDATE CONSTRAINT attempts_amount_minor_check`,
	`ALTER TABLE payments VALIDATE CONSTRAINT payments_captured_minor_check`,
	`ALTER TABLE imports RENAME CONSTRAINT imports_anew_pkey TO imports_pkey`,
	`ALTER TABLE imports RENAME CONSTRAINT imports_anew_business_id_fkey TO imports_business_id_fkey`,
	`ALTER TABLE imports RENAME CONSTRAINT imports_anew_kind_check TO imports_kind_check`,
	`ALTER TABLE imports RENAME CONSTRAINT imports_anew_state_check TO imports_state_check`,
	`ALTER TABLE import_rows RENAME CONSTRAINT import_rows_anew_pkey TO import_rows_pkey`,
	`ALTER TABLE import_rows RENAME CONSTRAINT import_rows_anew_business_id_fkey TO import_rows_business_id_fkey`,
	`ALTER TABLE import_rows RENAME CONSTRAINT import_rows_anew_import_id_fkey TO import_rows_import_id_fkey`,
	`ALTER TABLE import_rows RENAME CONSTRAINT import_rows_anew_state_check TO import_rows_state_check`,
	`ALTER TABLE suppressions RENAME CONSTRAINT suppressions_by_cause_pkey TO suppressions_pkey`,
	`ALTER TABLE suppressions RENAME CONSTRAINT suppressions_by_cause_business_id_fkey TO suppressions_business_id_fkey`,
	`ALTER TABLE suppressions RENAME CONSTRAINT suppressions_by_cause_channel_check TO suppressions_channel_check`,
	`ALTER TABLE suppressions RENAME CONSTRAINT suppressions_by_cause_cause_check TO suppressions_cause_check`,
}}

// takeOver changes a database at lastBefore to what the first steps make, and notes these
// as made, in one transaction. It waits in the table of steps for others that do the same.
func takeOver(ctx context.Context, pool *sql.DB, b before, lock string) (err error) {
	made, err := stepsMade(ctx, pool)
	if err != nil || !slices.ContainsFunc(made, isBefore) {
		return err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if _, err := tx.ExecContext(ctx, lock); err != nil {
		return err
	}
	var there, newest int
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE version_id BETWEEN 1 AND $1`, lastBefore).Scan(&there, &newest)
	switch {
	case err != nil:
		return err
	case there == 0: // somebody else was faster
		return nil
	case there < b.steps:
		return fmt.Errorf("%w: its schema is %d, with %d of %d steps", ErrTooOld, newest, there, b.steps)
	}
	for _, change := range b.changes {
		if _, err := tx.ExecContext(ctx, change); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM goose_db_version WHERE version_id BETWEEN 1 AND $1`, lastBefore); err != nil {
		return err
	}
	for step := firstStep; step <= lastFirst; step++ {
		if _, err := tx.ExecContext(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, TRUE)`, step); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func isBefore(step int64) bool { return step > 0 && step <= lastBefore }
