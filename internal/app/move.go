package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/store"
	"smartlinks/internal/cli"
	"smartlinks/internal/db"
	"smartlinks/internal/db/move"
	"smartlinks/internal/fault"
)

type moveCommand struct {
	store.Location `group:"Where things are kept:"`
	Back           bool `help:"From PostgreSQL into the data folder, instead of out of it."`
	Undo           bool `help:"Let the one that was moved be used again."`
}

// everyRows is after how many rows of a table its progress is told again.
const everyRows = 50_000

// Run moves everything between SQLite's file in the data folder and PostgreSQL. Both are
// locked while it lasts, so that no server writes to either.
func (c moveCommand) Run(ctx context.Context, s streams) error {
	if c.Database == "" {
		return cli.Misuse("Give --database with the address of PostgreSQL, and --data with SQLite's folder.")
	}
	if c.Back && c.Undo {
		return cli.Misuse("Give --back or --undo, not both: --undo finds out which of the two was moved.")
	}
	log := logs.Text(s.err, slog.LevelWarn)
	file, server := store.Location{Data: c.Data, SecretKey: c.SecretKey}, c.Location
	release, err := file.Own()
	if err != nil {
		return err
	}
	defer release()
	if c.Undo {
		return undoMove(ctx, s, log, file, server)
	}
	from, to := file, server
	if c.Back {
		from, to = server, file
	}
	source, err := openSource(ctx, from, log)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := openTarget(ctx, to, log)
	if err != nil {
		return err
	}
	defer target.Close()
	report, err := move.Run(ctx, move.Config{From: side(from, source), To: side(to, target), Random: rand.Reader, Progress: reportMove(s.out)})
	if err != nil {
		return notMoved(err, source, target)
	}
	return reportMoved(s.out, report, source, target, c.Back)
}

// side is an open database as a move takes it.
func side(f store.Location, d *db.DB) move.Side {
	return move.Side{DB: d, Path: filepath.Join(f.Data, store.DatabaseFile), URL: cmp.Or(f.Direct, f.Database)}
}

// openSource opens what is to be moved: a database of this version, with its key.
func openSource(ctx context.Context, f store.Location, log *slog.Logger) (*db.DB, error) {
	if err := f.ExpectFile(); err != nil {
		return nil, err
	}
	d, err := f.Open(ctx, store.Alone, log)
	if err != nil {
		return nil, err
	}
	err = store.CheckSchema(ctx, d)
	if err == nil {
		var key []byte
		if key, err = f.ExistingKey(); err == nil {
			err = store.CheckKey(ctx, d, key)
		}
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// openTarget opens what is to be filled, and makes the schema of an empty database.
func openTarget(ctx context.Context, f store.Location, log *slog.Logger) (*db.DB, error) {
	d, err := f.Open(ctx, store.Alone, log)
	if err != nil {
		return nil, err
	}
	err = store.CheckSchema(ctx, d)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) && unused(ctx, d) {
		err = store.Migrate(ctx, d) // of an empty one, or one whose making was interrupted
	}
	if err != nil {
		d.Close()
		return nil, f.Unopened(err)
	}
	return d, nil
}

// unused reports whether nobody has begun anything in a database of an older schema.
func unused(ctx context.Context, d *db.DB) bool {
	var begun bool
	err := d.Get(ctx, &begun, `SELECT EXISTS (SELECT 1 FROM businesses) OR EXISTS (SELECT 1 FROM users)`)
	return err != nil || !begun // a missing table is an earlier step yet
}

// undoMove lets the one of the two that was moved be used again, and the other no more.
// Both must be free of servers, or payments would be taken in two places; a PostgreSQL
// that can't be reached any more serves nobody.
func undoMove(ctx context.Context, s streams, log *slog.Logger, file, server store.Location) error {
	type side struct {
		*db.DB
		move.State
	}
	var source, other side
	for _, f := range []store.Location{file, server} {
		if f.ExpectFile() != nil {
			continue
		}
		d, err := f.Open(ctx, store.Alone, log)
		if errors.Is(err, db.ErrAway) || err != nil && f.Database != "" && !fault.Is(err, fault.Conflict) {
			fmt.Fprintf(s.err, "PostgreSQL can't be reached: see to it that no server uses it any more.\n")
			continue
		}
		if err != nil {
			return err
		}
		defer d.Close()
		if err := store.CheckSchema(ctx, d); err != nil {
			continue // nothing of ours, or of a version that moved nothing
		}
		state, err := move.StateOf(ctx, d)
		if err != nil {
			return err
		}
		at := side{d, state}
		interrupted := source.DB != nil && source.Other == d.Where() && state.Other == source.Where() && source.Before(state) // an undoing: each is left for the other
		switch {
		case !state.Left && !state.Begun, interrupted:
			other = at
		case source.DB != nil:
			source, other = at, source
		default:
			source = at
		}
	}
	if source.DB == nil {
		return fault.New(fault.NotFound, "Neither database was moved. Nothing was changed.")
	}
	next := "Stop using " + cmp.Or(source.Other, "the other database") + ":"
	if other.DB == nil || !source.Left || source.Other != other.Where() {
		other.DB = nil
	} else {
		next = "Servers refuse " + other.Where() + " from now on:"
	}
	if _, err := move.Undo(ctx, source.DB, other.DB); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.out, "%s can be used again, as it was when the move began. %s payments and changes that are only there are not brought back.\n", source.Where(), next)
	return err
}

// reportMove prints how far a move is: a line a table, and more for large ones.
func reportMove(out io.Writer) func(move.Step) {
	told := map[string]int64{}
	return func(s move.Step) {
		switch {
		case s.Compared && s.Rows > 0:
			fmt.Fprintf(out, "%-24s %10d rows, the same in both\n", s.Table, s.Rows)
		case s.Copied-told[s.Table] >= everyRows:
			told[s.Table] = s.Copied
			fmt.Fprintf(out, "%-24s %10d of %d\n", s.Table, s.Copied, s.Rows)
		}
	}
}

// notMoved says why a move was refused or failed, and what to do.
func notMoved(err error, source, target *db.DB) error {
	switch {
	case errors.Is(err, move.ErrMoved) && movedTo(source, target):
		return fault.Wrap(err, fault.Conflict, source.Where()+" was moved to "+target.Where()+" before, and the move has ended. Start the server there; to use this one again, run the move with --undo.")
	case errors.Is(err, move.ErrMoved):
		return fault.Wrap(err, fault.Conflict, source.Where()+" was moved before, to another database than this. Use that one, or run the move with --undo first.")
	case errors.Is(err, move.ErrOther):
		return fault.Wrap(err, fault.Conflict, source.Where()+" is part of a move that has not ended, with another database than this. Finish that move, or give it up with --undo.")
	case errors.Is(err, move.ErrNotEmpty):
		return fault.Wrap(err, fault.Conflict, target.Where()+" is not empty, and was left as it is. Give an empty database or folder.")
	case errors.Is(err, move.ErrDiffers):
		return fault.Wrap(err, fault.Internal, "The copy is not what the original is, so nothing was given up: "+err.Error()+". Make the target anew, empty, and run the move again after --undo.")
	}
	return fmt.Errorf("the move stopped; run the same command again to go on, or use --undo to go on with %s: %w", source.Where(), err)
}

// movedTo reports whether that is where the source was moved.
func movedTo(source, target *db.DB) bool {
	state, err := move.StateOf(context.Background(), source)
	return err == nil && state.Other == target.Where()
}

func reportMoved(out io.Writer, r move.Report, source, target *db.DB, back bool) error {
	next := "Start the server with that --database and the same --data: the key file and views that wait for the database stay in the folder."
	if back {
		next = "Start the server with that --data, and without --database."
	}
	_, err := fmt.Fprintf(out, "Moved everything to %s: %d tables with %d rows, compared row by row.\n%s\n%s is marked as moved, and servers refuse it until `smartlinks move` with --undo.\n",
		target.Where(), r.Tables, r.Rows, next, source.Where())
	return err
}
