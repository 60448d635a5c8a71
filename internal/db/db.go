// Package db is the two engines behind one small interface: SQLite inside the
// process, or PostgreSQL shared by several. Statements are written once, with
// $1 placeholders, in the SQL that both understand.
package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"smartlinks/internal/clock"
)

// Engine names the database behind a DB.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// Config says which database to open, and where time and randomness come from.
type Config struct {
	// Path is SQLite's file. It is used when URL is empty.
	Path string
	// URL is a postgres:// URL.
	URL string
	// DirectURL leads to the same PostgreSQL without a pooler that gives connections away
	// between transactions. Without it no session is relied on where URL leads to one.
	DirectURL string
	// Server is true for a process that stays: it listens for the changes of
	// others. A command beside a running server leaves it false.
	Server bool
	// Alone is true for a command that needs servers to be stopped. On PostgreSQL it
	// is refused beside one, and servers beside it: ErrInUse. Who opens SQLite's file
	// sees to that before, with LockFile.
	Alone  bool
	Clock  *clock.Clock
	Random io.Reader
	Log    *slog.Logger
}

// Reader runs queries that change nothing. *DB answers from the last commit,
// *Tx from its own transaction.
type Reader interface {
	// Get scans one row into a struct, by its `db` tags, or into a scalar. It
	// returns ErrNoRows when there is none.
	Get(ctx context.Context, dst any, query string, args ...any) error
	// Select scans all rows into the slice that dst points to.
	Select(ctx context.Context, dst any, query string, args ...any) error
}

// engine is what SQLite and PostgreSQL each do in their own way.
type engine interface {
	Reader
	inTx(ctx context.Context, do func(*Tx) error) error
	together(ctx context.Context, of shared, do func(*Tx) error) error
	// returning runs one statement that changes rows as a transaction, and scans what it
	// returns.
	returning(ctx context.Context, dst any, query string, args ...any) error
	// notifyOthers tells other processes.
	notifyOthers(n notice)
	batch(ctx context.Context, statements []*Statement) error
	migrate(ctx context.Context) error
	ping(ctx context.Context) error
	// away reports whether an error says that the database can't work now.
	away(err error) bool
	// full reports whether it says so because there is no room.
	full(err error) bool
	// watch calls changed for what other processes notify, until ctx ends.
	watch(ctx context.Context)
	close()
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine   engine
	kind     Engine
	clock    *clock.Clock
	random   io.Reader
	log      *slog.Logger
	hub      *hub
	observer observer
	stop     context.CancelFunc
	ended    chan struct{}
	// trouble is why the newest writing transaction could not commit.
	trouble atomic.Pointer[error]
}

// Open opens the database, creating SQLite's file when it is missing. Call
// Migrate before anything else, and Close at the end.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{clock: c.Clock, random: c.Random, log: c.Log, hub: newHub(), ended: make(chan struct{})}
	var err error
	if c.URL != "" {
		d.kind = PostgreSQL
		d.engine, err = openPostgres(ctx, c, d)
		err = classify(err, (*postgres)(nil), func() string { return "PostgreSQL" })
	} else {
		d.kind = SQLite
		d.engine, err = openSQLite(ctx, c.Path, c.Server, d)
		err = classify(err, (*sqlite)(nil), func() string { return c.Path })
	}
	if err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(context.Background())
	d.stop = stop
	go func() {
		defer close(d.ended)
		if c.Server {
			d.engine.watch(watching)
		}
	}()
	return d, nil
}

// Close waits for transactions under way and closes the database.
func (d *DB) Close() {
	d.stop()
	<-d.ended
	d.engine.close()
}

// Engine tells which database this is.
func (d *DB) Engine() Engine { return d.kind }

// Clock is the application's clock.
func (d *DB) Clock() *clock.Clock { return d.clock }

// Random is the source of ids and tokens.
func (d *DB) Random() io.Reader { return d.random }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.engine.ping(ctx) }

// Get reads one row; see Reader.
func (d *DB) Get(ctx context.Context, dst any, query string, args ...any) error {
	return d.classify(d.engine.Get(ctx, dst, query, args...))
}

// Select reads all rows; see Reader.
func (d *DB) Select(ctx context.Context, dst any, query string, args ...any) error {
	return d.classify(d.engine.Select(ctx, dst, query, args...))
}

// InTx runs do in a transaction and commits it when do returns nil. do may run
// again after a conflict with another process, so it must not reach outside
// the database; use tx.AfterCommit for that. On SQLite all transactions of the
// process run one after another on one connection and share commits, so do
// must be quick and must not call InTx itself.
func (d *DB) InTx(ctx context.Context, do func(tx *Tx) error) error {
	return d.run(ctx, d.engine.inTx, do)
}

// run runs a transaction by a way of the engine.
func (d *DB) run(ctx context.Context, by func(context.Context, func(*Tx) error) error, do func(tx *Tx) error) error {
	wrote := false
	err := d.classify(by(ctx, func(tx *Tx) error {
		defer func() { wrote = tx.wrote }()
		if err := do(tx); err != nil {
			return err
		}
		if f := beforeCommit(ctx); f != nil {
			tx.BeforeCommit(func(ctx context.Context) error { return f(ctx, tx) })
		}
		return tx.finish(ctx)
	}))
	return d.noted(err, wrote)
}

// noted keeps what became of a transaction that should have written.
func (d *DB) noted(err error, wrote bool) error {
	switch {
	case errors.Is(err, ErrAway):
		d.trouble.Store(&err)
	case err == nil && wrote:
		d.trouble.Store(nil)
	}
	return err
}

// Batch runs queries that change nothing, in one round trip to PostgreSQL.
func (d *DB) Batch(ctx context.Context, statements ...*Statement) error {
	return d.classify(d.engine.batch(ctx, statements))
}

// Trouble is why the newest transaction that should write something could not, when the
// database could not work: ErrFull or ErrAway; nil since one could.
func (d *DB) Trouble() error {
	if err := d.trouble.Load(); err != nil {
		return *err
	}
	return nil
}

// Probe writes what is there already, and so finds out whether the database takes writes.
func (d *DB) Probe(ctx context.Context) error {
	return d.InTx(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `UPDATE installation SET key_check = key_check`)
		return err
	})
}

func (d *DB) classify(err error) error { return classify(err, d.engine, d.Where) }

// Subscribe calls changed for every notice, from this process and the others,
// until cancel is called. The topic "*" means that notices may have been lost:
// anything may have changed. changed must not block.
func (d *DB) Subscribe(changed func(topic, key string)) (cancel func()) {
	return d.hub.subscribe(changed)
}

// Returning runs one statement that changes rows, as a transaction of its own, and
// scans what it returns into the slice that dst points to: one round trip to PostgreSQL.
func (d *DB) Returning(ctx context.Context, dst any, query string, args ...any) error {
	return d.noted(d.classify(d.engine.returning(ctx, dst, query, args...)), true)
}

// SkipLocked ends a SELECT of rows that the statement around it changes: rows that
// another transaction holds are left to that. SQLite has one writer and needs nothing.
func (d *DB) SkipLocked() string {
	if d.kind == PostgreSQL {
		return ` FOR UPDATE SKIP LOCKED`
	}
	return ``
}

// NotifyOthers tells the subscribers of the other servers something that is in no
// transaction. SQLite has no other servers.
func (d *DB) NotifyOthers(topic, key string) {
	d.engine.notifyOthers(notice{Topic: topic, Key: key})
}

// newTx makes the transaction that do is handed.
func (d *DB) newTx(on querier, commit hooks) *Tx {
	return &Tx{querier: on, hooks: commit, now: d.clock.Now(), random: d.random}
}

// In returns n placeholders from the given number on: In(2, 3) is "$3, $4".
func In(n, from int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}

// hooks are what a transaction leaves for after its commit.
type hooks struct {
	after   *[]func()
	notices *[]notice
}

func newHooks() hooks { return hooks{after: new([]func()), notices: new([]notice)} }

// querier is one engine's side of a transaction.
type querier interface {
	Reader
	exec(ctx context.Context, query string, args ...any) (int64, error)
	batch(ctx context.Context, statements []*Statement) error
	queue(ctx context.Context, statements []*Statement) error
	lock(ctx context.Context, key string) error
	lockTables(ctx context.Context, tables []string) error
}

// pause waits, or returns false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	pauseUntil[struct{}](ctx, d, nil)
	return ctx.Err() == nil
}

// pauseUntil waits for a sign, at most for d.
func pauseUntil[T any](ctx context.Context, d time.Duration, sign <-chan T) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-sign:
	case <-ctx.Done():
	}
}
