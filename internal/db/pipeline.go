package db

import (
	"context"
	"hash/fnv"
	"strings"

	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgTx is a transaction on a connection that it has for itself. It begins with its first
// statement, and what may come later goes along with what comes next: each awaited
// answer is one way there and back, and so is the commit.
type pgTx struct {
	conn  *pgx.Conn
	begun bool
	waits []*Statement // sent before the next statement
}

// The statements that begin and end a transaction.
const (
	begin    = `begin`
	commit   = `commit`
	rollback = `rollback`
)

// send runs what waits, and then the statements.
func (q *pgTx) send(ctx context.Context, statements ...*Statement) error {
	if q.conn == nil {
		return errOnlyQueues
	}
	all := append(q.waits, statements...)
	if q.waits = nil; !q.begun {
		all = append([]*Statement{Exec(nil, begin)}, all...)
		q.begun = true
	}
	return sendAll(ctx, q.conn, all)
}

// batcher is a connection, or a pool of them.
type batcher interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

func sendAll(ctx context.Context, on batcher, statements []*Statement) error {
	if len(statements) == 0 {
		return nil
	}
	var batch pgx.Batch
	for _, a := range statements {
		batch.Queue(a.Query, storable(a.Arguments)...)
	}
	results := on.SendBatch(ctx, &batch)
	for _, a := range statements {
		if err := a.read(results); err != nil {
			_ = results.Close() // it says the same
			return err
		}
	}
	return results.Close()
}

// read takes the answer of one statement.
func (a *Statement) read(results pgx.BatchResults) error {
	if a.into == nil {
		tag, err := results.Exec()
		if a.rows != nil {
			*a.rows = tag.RowsAffected()
		}
		return ended(a.Query, tag, err)
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	if !a.one {
		return scanAll(a.into, pgxscan.NewRowsAdapter(rows))
	}
	err = scanOne(a.into, pgxscan.NewRowsAdapter(rows))
	if a.None = err == ErrNoRows; a.None {
		return nil
	}
	return err
}

// ended is an error for a commit that PostgreSQL made a rollback, because a statement
// before had failed.
func ended(query string, tag pgconn.CommandTag, err error) error {
	if err == nil && query == commit && tag.String() == "ROLLBACK" {
		err = pgx.ErrTxCommitRollback
	}
	return err
}

// commit ends the transaction. One that awaited no answer has not begun: what waits is sent
// as it is, because PostgreSQL commits the statements of one batch together or not at all.
func (q *pgTx) commit(ctx context.Context) error {
	if !q.begun {
		all := q.waits
		q.waits = nil
		return sendAll(ctx, q.conn, all)
	}
	return q.send(ctx, Exec(nil, commit))
}

// undo takes back what was not committed. Where that fails, the pool closes the
// connection, which does the same.
func (q *pgTx) undo(ctx context.Context) {
	if !q.conn.IsClosed() && q.conn.PgConn().TxStatus() != 'I' {
		_, _ = q.conn.Exec(ctx, rollback)
	}
}

func (q *pgTx) Get(ctx context.Context, dst any, query string, args ...any) error {
	a := One(dst, query, args...)
	if err := q.send(ctx, a); err != nil {
		return err
	}
	if a.None {
		return ErrNoRows
	}
	return nil
}

func (q *pgTx) Select(ctx context.Context, dst any, query string, args ...any) error {
	return q.send(ctx, All(dst, query, args...))
}

func (q *pgTx) exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = q.send(ctx, Exec(&n, query, args...))
	return n, err
}

func (q *pgTx) batch(ctx context.Context, statements []*Statement) error {
	if len(statements) == 0 {
		return nil // no answer is awaited
	}
	return q.send(ctx, statements...)
}

func (q *pgTx) queue(_ context.Context, statements []*Statement) error {
	q.waits = append(q.waits, statements...)
	return nil
}

// lock takes an advisory lock on the hash of key; two keys with one hash only
// wait for each other without need.
func (q *pgTx) lock(ctx context.Context, key string) error {
	h := fnv.New64a()
	h.Write([]byte(key))
	return q.queue(ctx, []*Statement{Exec(nil, `SELECT pg_advisory_xact_lock($1)`, int64(h.Sum64()))})
}

// lockTables takes the lock that stands against every change, and lets others read.
func (q *pgTx) lockTables(ctx context.Context, tables []string) error {
	return q.queue(ctx, []*Statement{Exec(nil, `LOCK TABLE `+strings.Join(tables, `, `)+` IN SHARE ROW EXCLUSIVE MODE`)})
}
