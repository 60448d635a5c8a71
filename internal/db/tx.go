package db

import (
	"context"
	"database/sql"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"smartlinks/internal/id"
)

// Tx is an open transaction, for use by one goroutine inside InTx.
type Tx struct {
	querier
	hooks  hooks
	now    time.Time
	random io.Reader
	last   []func(ctx context.Context) error
}

// Now is the transaction's one instant, by the application's clock.
func (t *Tx) Now() time.Time { return t.now }

// NewID makes an id of the kind that prefix names, like "lnk".
func (t *Tx) NewID(prefix string) (string, error) { return id.New(prefix, t.now, t.random) }

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return t.exec(ctx, query, args...)
}

// Statement is one that only writes, with its arguments.
type Statement struct {
	Query     string
	Arguments []any
}

// ExecAll runs statements one after another, in one round trip to PostgreSQL: for
// rows that others wait for, which are locked as long as the way there and back
// takes for each.
func (t *Tx) ExecAll(ctx context.Context, all []Statement) error { return t.execAll(ctx, all) }

// BeforeCommit runs f as the last of the transaction, behind what its body does
// and in the order in which such were given: for what must see all of its
// changes. When f fails nothing is committed.
func (t *Tx) BeforeCommit(f func(ctx context.Context) error) { t.last = append(t.last, f) }

// finish runs what was left for the end; that may leave more.
func (t *Tx) finish(ctx context.Context) error {
	for len(t.last) > 0 {
		f := t.last[0]
		t.last = t.last[1:]
		if err := f(ctx); err != nil {
			return err
		}
	}
	return nil
}

// AfterCommit runs f once the transaction is committed, and never when it isn't.
func (t *Tx) AfterCommit(f func()) { *t.hooks.after = append(*t.hooks.after, f) }

// Notify tells the subscribers of every process, after the commit, that
// something changed: the topic says what kind, the key which one. A notice may
// come more than once.
func (t *Tx) Notify(topic, key string) {
	*t.hooks.notices = append(*t.hooks.notices, notice{Topic: topic, Key: key})
}

// Lock makes transactions that name the same key run one after another, until
// they end.
func (t *Tx) Lock(ctx context.Context, key string) error { return t.lock(ctx, key) }

// PGX is PostgreSQL's transaction, nil on SQLite; for the job queue alone.
func (t *Tx) PGX() pgx.Tx { return t.pgxTx() }

// SQL is SQLite's transaction, nil on PostgreSQL; for the job queue alone. It
// must be neither committed nor rolled back.
func (t *Tx) SQL() *sql.Tx { return t.sqlTx() }
