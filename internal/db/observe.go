package db

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// observer hears of what goes to the database. The zero value is ready.
type observer struct {
	see atomic.Pointer[func(statements []string)]
}

// Observe calls see with the statements of each round trip to the database, beginnings
// and ends of transactions included, until stop is called; on SQLite each statement
// goes by itself. see may be called from several goroutines at once. There is one
// observer at a time: it is for tests that count.
func (d *DB) Observe(see func(statements []string)) (stop func()) {
	d.observer.see.Store(&see)
	return func() { d.observer.see.Store(nil) }
}

func (o *observer) sent(statements ...string) {
	if see := o.see.Load(); see != nil {
		(*see)(statements)
	}
}

// TraceQueryStart implements pgx.QueryTracer.
func (o *observer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	o.sent(data.SQL)
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (o *observer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart implements pgx.BatchTracer: a batch is one round trip.
func (o *observer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	if see := o.see.Load(); see != nil {
		statements := make([]string, len(data.Batch.QueuedQueries))
		for i, q := range data.Batch.QueuedQueries {
			statements[i] = q.SQL
		}
		(*see)(statements)
	}
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (o *observer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (o *observer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
