package move

import (
	"context"

	"smartlinks/internal/db"
)

// engine is one side as the move reads and fills it.
type engine interface {
	// tables are those to move, by name. PostgreSQL tells the kinds of their columns.
	tables(ctx context.Context) (map[string]table, error)
	count(ctx context.Context, t table) (int64, error)
	// read hands over the rows of a table in the order of its key, without the first ones.
	read(ctx context.Context, t table, skip int64, each func(row []any) error) error
	// newestView is the largest id of a view, 0 without any.
	newestView(ctx context.Context) (int64, error)

	// prepare empties the tables, notes the move, and puts off what would hinder it: one
	// transaction.
	prepare(ctx context.Context, tables []table, newestView int64, m mark, beganAt int64) error
	// copied is how many rows of a table were filled in before.
	copied(ctx context.Context, t table) (int64, error)
	// fill adds rows, and notes how many there are now: one transaction.
	fill(ctx context.Context, t table, rows [][]any, copied int64) error
	// complete does what prepare has put off.
	complete(ctx context.Context) error
	close()
}

func open(ctx context.Context, s Side) (engine, error) {
	if s.DB.Engine() == db.PostgreSQL {
		return openPostgres(ctx, s.URL)
	}
	return openSQLite(ctx, s.Path)
}
