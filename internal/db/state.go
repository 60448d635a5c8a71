package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// ErrEmpty says that a database has no tables of this product.
var ErrEmpty = errors.New("db: there is nothing of Smart Links in it")

// ErrOlder says that steps are missing, which Migrate would make.
var ErrOlder = errors.New("db: an older version made it")

// CheckSchema says whether the schema is this version's, and changes nothing: nil,
// ErrEmpty, ErrOlder, ErrNewer, or why it can't be read.
func (d *DB) CheckSchema(ctx context.Context) error {
	schema, err := d.Schema(ctx)
	if err != nil {
		return err
	}
	if schema == 0 {
		return ErrEmpty
	}
	switch e := d.engine.(type) {
	case *postgres:
		pool := stdlib.OpenDBFromPool(e.pool)
		defer pool.Close()
		steps, err := e.steps(pool)
		if err != nil {
			return err
		}
		return errors.Join(compareSteps(ctx, pool, steps), compareQueue(ctx, riverpgxv5.New(e.pool)))
	case *sqlite:
		steps, err := e.steps(e.queuePool)
		if err != nil {
			return err
		}
		return errors.Join(compareSteps(ctx, e.queuePool, steps), compareQueue(ctx, riversqlite.New(e.queuePool)))
	}
	return nil
}

// compareSteps compares the steps that were made with those that this version knows.
func compareSteps(ctx context.Context, pool *sql.DB, steps *goose.Provider) error {
	made, err := stepsMade(ctx, pool)
	if err != nil {
		return err
	}
	if err := refuseUnknown(made, steps); err != nil {
		return err
	}
	for _, s := range steps.ListSources() {
		if !slices.Contains(made, s.Version) {
			return fmt.Errorf("%w: step %d was not made", ErrOlder, s.Version)
		}
	}
	return nil
}

// compareQueue is compareSteps for the job queue's tables.
func compareQueue[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	if err := refuseNewerQueue(ctx, driver); err != nil {
		return err
	}
	queue, err := queueSteps(driver)
	if err != nil {
		return err
	}
	there, err := driver.GetExecutor().TableExists(ctx, &riverdriver.TableExistsParams{Table: "river_migration"})
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("%w: its job queue was not made", ErrOlder)
	}
	made, err := driver.GetExecutor().MigrationGetAllAssumingMain(ctx, &riverdriver.MigrationGetAllAssumingMainParams{})
	if err == nil && len(made) < len(queue.AllVersions()) {
		err = fmt.Errorf("%w: steps of its job queue were not made", ErrOlder)
	}
	return err
}
