package app

import (
	"context"
	"time"

	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
)

type reconcileCommand struct {
	store.Location       `group:"Where things are kept:"`
	server.MailFlags     `group:"Mail and SMS:"`
	server.ProviderFlags `group:"Stand-ins, for tests:"`
	Sandbox              bool          `help:"The installation is in test mode."`
	Restored             bool          `help:"PostgreSQL was restored from a backup: servers that start keep the payers' pages closed until this succeeds."`
	Since                time.Duration `default:"720h" help:"How far back to compare: at least to the time of the backup."`
}

// Run compares all businesses with their providers, and opens the payers' pages
// again when they were closed by a restore.
func (c reconcileCommand) Run(ctx context.Context, s streams) error {
	o, err := server.NewOptions(c.MailFlags, c.ProviderFlags, nowhere(), nil)
	if err != nil {
		return err
	}
	o.Sandbox = c.Sandbox
	r, err := openSystemWith(ctx, c.Location, s, o)
	if err != nil {
		return err
	}
	defer r.DB.Close()
	if c.Restored {
		if err := server.ClosePages(ctx, r.DB); err != nil {
			return err
		}
	}
	return server.Reconcile(ctx, r, c.Since, s.out)
}
