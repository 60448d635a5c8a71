package db

import (
	"context"
	"io"
	"strings"
	"time"

	"smartlinks/internal/id"
)

// Tx is an open transaction, for use by one goroutine inside InTx.
type Tx struct {
	querier
	hooks  hooks
	now    time.Time
	random io.Reader
	last   []func(ctx context.Context) error
	wrote  bool // or tried to
	// writes are the statements that may have changed something, same what Unchanged said.
	writes int
	same   bool
	made   []string
	// gathered are slices by what they are for.
	gathered map[any]any
}

// Now is the transaction's one instant, by the application's clock.
func (t *Tx) Now() time.Time { return t.now }

// NewID makes an id of the kind that prefix names, like "lnk".
func (t *Tx) NewID(prefix string) (string, error) {
	made, err := id.New(prefix, t.now, t.random)
	t.made = append(t.made, made)
	return made, err
}

// Made is the first id that the transaction made of the first of these kinds of which it
// made any, "" without one.
func (t *Tx) Made(prefixes ...string) string {
	for _, prefix := range prefixes {
		for _, made := range t.made {
			if strings.HasPrefix(made, prefix+"_") {
				return made
			}
		}
	}
	return ""
}

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	t.wrote = true
	t.writes++
	return t.exec(ctx, query, args...)
}

// Batch runs statements one after another, in one round trip to PostgreSQL.
func (t *Tx) Batch(ctx context.Context, statements ...*Statement) error {
	t.writes++
	return t.batch(ctx, statements)
}

// Queue runs statements, on PostgreSQL not before the next one whose answer is awaited, or
// the commit, and in the same round trip. Until then neither answers nor errors are known;
// behind the commit they are. A transaction that only queues is one round trip.
func (t *Tx) Queue(ctx context.Context, statements ...*Statement) error {
	t.wrote = true
	t.writes++
	return t.queue(ctx, statements)
}

// Get reads one row; see Reader. Its statement may change what it returns.
func (t *Tx) Get(ctx context.Context, dst any, query string, args ...any) error {
	t.countWrite(query)
	return t.querier.Get(ctx, dst, query, args...)
}

// Select reads all rows; see Reader. Its statement may change what it returns.
func (t *Tx) Select(ctx context.Context, dst any, query string, args ...any) error {
	t.countWrite(query)
	return t.querier.Select(ctx, dst, query, args...)
}

func (t *Tx) countWrite(query string) {
	if !strings.HasPrefix(strings.TrimLeft(query, " \t\n"), "SELECT") {
		t.writes++
	}
}

// Writes are how many statements may have changed something so far.
func (t *Tx) Writes() int { return t.writes }

// Unchanged says that what was asked for is so already, and that all that was written since
// a number of Writes only locked.
func (t *Tx) Unchanged(since int) { t.writes, t.same = since, true }

// ChangesNothing reports whether Unchanged was said and nothing was written beside.
func (t *Tx) ChangesNothing() bool { return t.same && t.writes == 0 }

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

// Gather keeps items for the end of the transaction's body, where do gets all that were
// kept for the same key together: for rows that one statement can write. The first do
// counts, and the key must be of a type of the caller's own.
func Gather[T any](tx *Tx, key any, do func(ctx context.Context, all []T) error, items ...T) {
	before, began := tx.gathered[key].([]T)
	if !began {
		tx.BeforeCommit(func(ctx context.Context) error {
			all, _ := tx.gathered[key].([]T)
			delete(tx.gathered, key) // more may come
			return do(ctx, all)
		})
	}
	if tx.gathered == nil {
		tx.gathered = map[any]any{}
	}
	tx.gathered[key] = append(before, items...)
}

type beforeCommitKey struct{}

// WithBeforeCommit returns a context under which every transaction runs f before its
// commit, as BeforeCommit does: for what must stand or fall with whatever is done there.
// f replaces an earlier one; nil takes it away.
func WithBeforeCommit(ctx context.Context, f func(ctx context.Context, tx *Tx) error) context.Context {
	return context.WithValue(ctx, beforeCommitKey{}, f)
}

func beforeCommit(ctx context.Context) func(context.Context, *Tx) error {
	f, _ := ctx.Value(beforeCommitKey{}).(func(context.Context, *Tx) error)
	return f
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

// LockTables keeps all other transactions from changing tables until this one ends, and waits
// for those that have: what is then computed from all rows is true when it is written. Each
// row of a statement is computed from what stood when the statement began, also one that
// waited for another transaction.
func (t *Tx) LockTables(ctx context.Context, tables ...string) error {
	return t.lockTables(ctx, tables)
}
