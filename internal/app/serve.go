package app

import (
	"context"

	"smartlinks/internal/app/server"
)

type serveCommand struct{ server.Flags }

// Run serves until a signal comes, then drains.
func (c serveCommand) Run(ctx context.Context, s streams) error {
	return c.Serve(ctx, s.out, s.err)
}
