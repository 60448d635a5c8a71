package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/version"
)

type migrateCommand struct {
	storeFlags `group:"Where things are kept:"`
}

// Run migrates the database and says so.
func (c migrateCommand) Run(ctx context.Context, s streams) error {
	d, err := c.open(ctx, beside, logs.Text(s.err, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := migrate(ctx, d); err != nil {
		return c.unopened(err)
	}
	schema, err := d.Schema(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "The database is at this version: schema %d, %s.\n", schema, d.Where())
	return err
}

// migrate brings the schema up, and says in plain words when a newer version has
// been here.
func migrate(ctx context.Context, d *db.DB) error { return inPlainWords(d.Migrate(ctx)) }

// inPlainWords says what to do about a schema of a newer version, and of one from before
// the first release.
func inPlainWords(err error) error {
	if errors.Is(err, db.ErrNewer) {
		return fault.Wrap(err, fault.Conflict, "A newer version of Smart Links has upgraded this database, and "+version.Name()+" can't work with it. Nothing was changed. Run the newer version, or go back: restore the backup that was made before the upgrade.")
	}
	if errors.Is(err, db.ErrTooOld) {
		return fault.Wrap(err, fault.Conflict, "This database was made before the first release, by a version that "+version.Name()+" can't upgrade. Nothing was changed. Build the commit 30fe86ccb0f0, run its `smartlinks migrate` on the database once, then start this version.")
	}
	return err
}
