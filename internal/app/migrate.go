package app

import (
	"context"
	"fmt"
	"log/slog"
)

type migrateCommand struct {
	storeFlags
}

// Run migrates the database and says so.
func (c migrateCommand) Run(ctx context.Context, s streams) error {
	d, err := c.open(ctx, false, slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "The database is at this version.")
	return err
}
