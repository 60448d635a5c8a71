package store

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/db/move"
	"smartlinks/internal/fault"
)

// refuseMoved refuses a database that was moved away, or that is half of a move.
func refuseMoved(ctx context.Context, d *db.DB) error {
	state, err := move.StateOf(ctx, d)
	if err != nil {
		return err
	}
	const again = " Give `smartlinks move` the same --data and --database again to finish it; with --undo the original can be used again."
	switch {
	case state.Left:
		return fault.New(fault.Conflict, d.Where()+" was moved to "+state.Other+". Use that one. To use this one again, as it was then, run `smartlinks move` with the same --data and --database and --undo.")
	case state.Begun:
		return fault.New(fault.Conflict, d.Where()+" is being moved to "+state.Other+", and the move has not ended."+again)
	case state.Half:
		return fault.New(fault.Conflict, d.Where()+" is half of a move from "+state.Other+"."+again)
	}
	return nil
}
