package db

import (
	"context"
	"errors"
)

// Statement is one statement, and where its answer goes. Several are sent in one round
// trip.
type Statement struct {
	Query     string
	Arguments []any
	// None is set when One found no row.
	None bool

	into any    // nil: the number of changed rows is what it answers
	one  bool   // into takes one row, else it points to a slice
	rows *int64 // that were changed; nil: nobody asks
}

// One asks for one row, into a struct or a scalar. Without a row, None is set and into
// stays as it is.
func One(into any, query string, arguments ...any) *Statement {
	return &Statement{Query: query, Arguments: arguments, into: into, one: true}
}

// All asks for all rows, into the slice that into points to.
func All(into any, query string, arguments ...any) *Statement {
	return &Statement{Query: query, Arguments: arguments, into: into}
}

// Exec is a statement that only writes; rows takes how many rows it changed, nil when
// nobody asks.
func Exec(rows *int64, query string, arguments ...any) *Statement {
	return &Statement{Query: query, Arguments: arguments, rows: rows}
}

// runEach runs statements one after another.
func runEach(ctx context.Context, on Reader, statements []*Statement) error {
	for _, a := range statements {
		var err error
		switch {
		case a.into == nil:
			err = a.change(ctx, on)
		case a.one:
			err = on.Get(ctx, a.into, a.Query, a.Arguments...)
			if a.None = errors.Is(err, ErrNoRows); a.None {
				err = nil
			}
		default:
			err = on.Select(ctx, a.into, a.Query, a.Arguments...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Statement) change(ctx context.Context, on Reader) error {
	writer, can := on.(querier)
	if !can {
		return errors.New("db: a statement that writes needs a transaction")
	}
	n, err := writer.exec(ctx, a.Query, a.Arguments...)
	if a.rows != nil {
		*a.rows = n
	}
	return err
}
