// Package move copies everything from SQLite to PostgreSQL, or back, table by table and in
// chunks, so that a move that was killed goes on where it ended. A chunk and the note of
// it are one transaction. What was copied is compared row by row before the move is done.
package move

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/secret"
)

// Errors of Run. Each comes with what is in the way.
var (
	ErrMoved    = errors.New("move: the source was moved before")
	ErrOther    = errors.New("move: the source is being moved to another database")
	ErrNotEmpty = errors.New("move: the target holds something")
	ErrDiffers  = errors.New("move: a table of the target is not what the source has")
)

// chunk is how many rows are copied by one transaction.
const chunk = 5000

// Side is one of the two databases. The move reads and writes it by connections of its
// own, beside DB, which holds the lock that keeps servers away.
type Side struct {
	DB   *db.DB
	Path string // SQLite's file, when DB is that
	URL  string // PostgreSQL's URL, when DB is that
}

// Config says from where to where.
type Config struct {
	From, To Side
	Random   io.Reader
	// Progress hears of each chunk and of each table that was compared; nil: nobody does.
	Progress func(Step)
}

// Step is how far a table is.
type Step struct {
	Table        string
	Copied, Rows int64 // of all rows of the table
	Compared     bool  // the table is the same on both sides
}

// Report is what was moved.
type Report struct {
	Tables, Rows int64
	// Sums are the sums of money by table and column, in minor units of all currencies
	// together: the same on both sides.
	Sums map[string]int64
}

// Run copies everything. It goes on with a move of the same two databases that was
// interrupted. Nobody else may write to either meanwhile: the caller holds their locks.
func Run(ctx context.Context, c Config) (Report, error) {
	from, err := open(ctx, c.From)
	if err != nil {
		return Report{}, err
	}
	defer from.close()
	to, err := open(ctx, c.To)
	if err != nil {
		return Report{}, err
	}
	defer to.close()
	tables, err := shared(ctx, from, to)
	if err != nil {
		return Report{}, err
	}
	if err := c.begin(ctx, from, to, tables); err != nil {
		return Report{}, err
	}
	for _, t := range tables {
		if err := c.copy(ctx, from, to, t); err != nil {
			return Report{}, fmt.Errorf("copy the table %s: %w", t.name, err)
		}
	}
	report, err := c.compare(ctx, from, to, tables)
	if err != nil {
		return Report{}, err
	}
	if err := to.complete(ctx); err != nil {
		return Report{}, fmt.Errorf("complete the target: %w", err)
	}
	// In this order: whoever is killed between the two has no database that takes payments
	// twice, and the next run ends it.
	if err := endSource(ctx, c.From.DB); err != nil {
		return Report{}, err
	}
	return report, freeTarget(ctx, c.To.DB)
}

// begin marks both sides, and empties a target that holds nothing of a business.
func (c Config) begin(ctx context.Context, from, to engine, tables []table) error {
	source, err := markOf(ctx, c.From.DB)
	if err != nil {
		return err
	}
	target, err := markOf(ctx, c.To.DB)
	if err != nil {
		return err
	}
	if target.Role == roleSource {
		return fmt.Errorf("%w: it was itself moved to %s", ErrNotEmpty, target.Other)
	}
	switch {
	case source.Role == roleTarget:
		return fmt.Errorf("%w: it is half of a move from %s", ErrOther, source.Other)
	case source.EndedAt != nil && target.Move != source.Move:
		return fmt.Errorf("%w: to %s", ErrMoved, source.Other)
	case source.Role == roleSource && source.Other != c.To.DB.Where():
		return fmt.Errorf("%w: %s", ErrOther, source.Other)
	case source.Role == "":
		if err := refuseFull(ctx, c.To.DB, target); err != nil {
			return err
		}
		token, err := secret.Token(c.Random)
		if err != nil {
			return err
		}
		source = mark{Move: token, Role: roleSource, Other: c.To.DB.Where()}
		if err := setMark(ctx, c.From.DB, source); err != nil {
			return err
		}
	}
	if target.Move == source.Move {
		return nil // it goes on
	}
	if err := refuseFull(ctx, c.To.DB, target); err != nil {
		return err
	}
	newest, err := from.newestView(ctx)
	if err != nil {
		return err
	}
	return to.prepare(ctx, tables, newest, mark{Move: source.Move, Role: roleTarget, Other: c.From.DB.Where()}, wall(c.To.DB.Clock().Wall()))
}

// refuseFull refuses a target that belongs to another move, or in which somebody has begun.
func refuseFull(ctx context.Context, d *db.DB, target mark) error {
	if target.Role == roleTarget {
		return fmt.Errorf("%w: half of a move from %s", ErrNotEmpty, target.Other)
	}
	var begun bool
	err := d.Get(ctx, &begun, `SELECT EXISTS (SELECT 1 FROM businesses) OR EXISTS (SELECT 1 FROM users)`)
	if err == nil && begun {
		err = fmt.Errorf("%w: there are businesses or users in it", ErrNotEmpty)
	}
	return err
}

// copy brings over what the target has not yet got of a table.
func (c Config) copy(ctx context.Context, from, to engine, t table) error {
	done, err := to.copied(ctx, t)
	if err != nil {
		return err
	}
	all, err := from.count(ctx, t)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, chunk)
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		if err := to.fill(ctx, t, rows, done+int64(len(rows))); err != nil {
			return err
		}
		done += int64(len(rows))
		rows = rows[:0]
		c.report(Step{Table: t.name, Copied: done, Rows: all})
		return nil
	}
	err = from.read(ctx, t, done, func(row []any) error {
		if rows = append(rows, row); len(rows) < chunk {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func (c Config) report(s Step) {
	if c.Progress != nil {
		c.Progress(s)
	}
}

// compare reads every table of both sides in the same order and compares their rows.
func (c Config) compare(ctx context.Context, from, to engine, tables []table) (Report, error) {
	report := Report{Tables: int64(len(tables)), Sums: map[string]int64{}}
	for _, t := range tables {
		a, err := summed(ctx, from, t)
		if err != nil {
			return Report{}, fmt.Errorf("read the table %s again: %w", t.name, err)
		}
		b, err := summed(ctx, to, t)
		if err != nil {
			return Report{}, fmt.Errorf("read the copy of the table %s: %w", t.name, err)
		}
		if why := a.differs(b); why != "" {
			return Report{}, fmt.Errorf("%w: %s: %s", ErrDiffers, t.name, why)
		}
		report.Rows += a.rows
		for column, sum := range a.sums {
			report.Sums[t.name+"."+column] = sum
		}
		c.report(Step{Table: t.name, Copied: a.rows, Rows: a.rows, Compared: true})
	}
	return report, nil
}

// wall is an instant as the databases keep it.
func wall(t time.Time) int64 { return t.UnixMicro() }
