package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
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
		steps, err := e.provider(pool)
		if err != nil {
			return err
		}
		return compareSteps(ctx, pool, steps)
	case *sqlite:
		steps, err := e.provider()
		if err != nil {
			return err
		}
		return compareSteps(ctx, e.steps, steps)
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
