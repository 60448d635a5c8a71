// Package db is the two engines behind one small interface: SQLite inside the
// process, or PostgreSQL shared by several. Statements are written once, with
// $1 placeholders, in the SQL that both understand.
package db

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"database/sql"

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
	migrate(ctx context.Context) error
	ping(ctx context.Context) error
	// away reports whether an error says that the database can't work now.
	away(err error) bool
	// watch calls changed for what other processes notify, until ctx ends.
	watch(ctx context.Context)
	close()
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine engine
	kind   Engine
	clock  *clock.Clock
	random io.Reader
	log    *slog.Logger
	hub    *hub
	stop   context.CancelFunc
	ended  chan struct{}
}

// Open opens the database, creating SQLite's file when it is missing. Call
// Migrate before anything else, and Close at the end.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{clock: c.Clock, random: c.Random, log: c.Log, hub: newHub(), ended: make(chan struct{})}
	var err error
	if c.URL != "" {
		d.kind = PostgreSQL
		d.engine, err = openPostgres(ctx, c, d)
	} else {
		d.kind = SQLite
		d.engine, err = openSQLite(ctx, c.Path, c.Server, d)
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
	return told(d.engine.Get(ctx, dst, query, args...), d.engine.away)
}

// Select reads all rows; see Reader.
func (d *DB) Select(ctx context.Context, dst any, query string, args ...any) error {
	return told(d.engine.Select(ctx, dst, query, args...), d.engine.away)
}

// InTx runs do in a transaction and commits it when do returns nil. do may run
// again after a conflict with another process, so it must not reach outside
// the database; use tx.AfterCommit for that. On SQLite all transactions of the
// process run one after another on one connection and share commits, so do
// must be quick and must not call InTx itself.
func (d *DB) InTx(ctx context.Context, do func(tx *Tx) error) error {
	return told(d.engine.inTx(ctx, func(tx *Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return tx.finish(ctx)
	}), d.engine.away)
}

// Subscribe calls changed for every notice, from this process and the others,
// until cancel is called. The topic "*" means that notices may have been lost:
// anything may have changed. changed must not block.
func (d *DB) Subscribe(changed func(topic, key string)) (cancel func()) {
	return d.hub.subscribe(changed)
}

// Pool is PostgreSQL's pool, nil on SQLite. It is for the job queue alone.
func (d *DB) Pool() *pgxpool.Pool {
	if p, ok := d.engine.(*postgres); ok {
		return p.pool
	}
	return nil
}

// QueuePool is a pool of one connection to SQLite's file, nil on PostgreSQL. It
// is for the job queue alone, which brings its own transactions.
func (d *DB) QueuePool() *sql.DB {
	if s, ok := d.engine.(*sqlite); ok {
		return s.queuePool
	}
	return nil
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
	execAll(ctx context.Context, all []Statement) error
	lock(ctx context.Context, key string) error
	pgxTx() pgx.Tx
	sqlTx() *sql.Tx
}

// pause waits, or returns false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
