package app

import (
	"context"
	"fmt"
	"log/slog"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/store"
)

type migrateCommand struct {
	store.Location `group:"Where things are kept:"`
}

// Run migrates the database and says so.
func (c migrateCommand) Run(ctx context.Context, s streams) error {
	d, err := c.Open(ctx, store.Beside, logs.Text(s.err, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := store.Migrate(ctx, d); err != nil {
		return c.Unopened(err)
	}
	schema, err := d.Schema(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "The database is at this version: schema %d, %s.\n", schema, d.Where())
	return err
}
