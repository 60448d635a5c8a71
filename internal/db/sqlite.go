package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"

	_ "modernc.org/sqlite" // registers the driver
)

const (
	// readers bounds the connections that read beside the one that writes.
	readers = 8
	// noticePoll is how often a server looks for changes made by a command
	// beside it, where the system does not tell it of them, and dataVersionPoll how often
	// where it does: a command may have been killed before it said so.
	noticePoll, dataVersionPoll = time.Second, 30 * time.Second
	// noticeFile ends the name of the file, beside SQLite's, that commands touch.
	noticeFile = ".notice"
)

// sqlite is one file with one writing connection and a pool of readers.
type sqlite struct {
	d         *DB
	read      *sql.DB
	writing   *sql.DB
	steps     *sql.DB // for migrations, which bring their own transactions
	statement statements
	writer    *writer
	path      string
}

func openSQLite(ctx context.Context, path string, server bool, d *DB) (*sqlite, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	s := &sqlite{d: d, path: path}
	var err error
	if s.writing, err = openPool(path, 1, "immediate"); err != nil {
		return nil, err
	}
	if s.steps, err = openPool(path, 1, "immediate"); err != nil {
		return nil, err
	}
	if s.read, err = openPool(path, readers, "deferred"); err != nil {
		return nil, err
	}
	// The first connection creates the file and switches it to WAL.
	conn, err := s.writing.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	touch := func() { touchFile(path+noticeFile, d.log) }
	if server {
		touch = nil
	}
	s.writer = newWriter(conn, d, touch)
	return s, nil
}

// openPool opens connections with the settings that every one of them needs.
// synchronous FULL makes a commit survive the loss of power.
func openPool(path string, size int, lock string) (*sql.DB, error) {
	q := url.Values{"_txlock": {lock}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"cache_size(-8000)", "temp_store(MEMORY)",
	}}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}
	pool, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool, nil
}

func (s *sqlite) Get(ctx context.Context, dst any, query string, args ...any) error {
	rows, err := s.query(ctx, query, args)
	if err != nil {
		return err
	}
	return scanOne(dst, rows)
}

func (s *sqlite) Select(ctx context.Context, dst any, query string, args ...any) error {
	rows, err := s.query(ctx, query, args)
	if err != nil {
		return err
	}
	return scanAll(dst, rows)
}

func (s *sqlite) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	s.d.observer.sent(query)
	stmt, err := s.statement.prepare(ctx, s.read, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, storable(args)...)
}

func (s *sqlite) inTx(ctx context.Context, do func(*Tx) error) error {
	return s.writer.run(ctx, do)
}

// together needs nothing of its own: all transactions share commits.
func (s *sqlite) together(ctx context.Context, _ shared, do func(*Tx) error) error {
	return s.inTx(ctx, do)
}

func (s *sqlite) returning(ctx context.Context, dst any, query string, args ...any) error {
	return s.inTx(ctx, func(tx *Tx) error { return tx.Select(ctx, dst, query, args...) })
}

func (s *sqlite) notifyOthers(notice) {}

func (s *sqlite) batch(ctx context.Context, statements []*Statement) error {
	return runEach(ctx, s, statements)
}

func (s *sqlite) away(err error) bool { return sqliteAway(err) }

func (s *sqlite) full(err error) bool { return sqliteFull(err) }

func (s *sqlite) ping(ctx context.Context) error { return s.read.PingContext(ctx) }

func (s *sqlite) close() {
	s.writer.close()
	s.statement.close()
	for _, pool := range []*sql.DB{s.read, s.steps, s.writing} {
		if err := pool.Close(); err != nil {
			s.d.log.Warn("close the database", "error", err)
		}
	}
}

// statements keeps prepared statements by their text. Texts are written in the
// code, but lists in IN (…) vary, so it is bounded.
type statements struct {
	mu sync.RWMutex
	by map[string]*sql.Stmt
}

// maxStatements bounds the kept statements; one takes a few kilobytes.
const maxStatements = 500

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func (s *statements) prepare(ctx context.Context, on preparer, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	stmt := s.by[query]
	s.mu.RUnlock()
	if stmt != nil {
		return stmt, nil
	}
	stmt, err := on.PrepareContext(ctx, unnamed(query))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.by[query]; kept != nil {
		defer stmt.Close()
		return kept, nil
	}
	if s.by == nil || len(s.by) >= maxStatements {
		// Whoever still runs an old one holds it; database/sql closes it then.
		for _, old := range s.by {
			defer old.Close()
		}
		s.by = map[string]*sql.Stmt{}
	}
	s.by[query] = stmt
	return stmt, nil
}

// placeholder is an argument's place in a statement.
var placeholder = regexp.MustCompile(`\$(\d+)`)

// unnamed writes ? for $1, $2 … where each stands once and in order. To SQLite,
// $1 is a name, and its driver looks each name up among all: a twentieth of the
// time of a busy server.
func unnamed(query string) string {
	for i, found := range placeholder.FindAllStringSubmatch(query, -1) {
		if found[1] != strconv.Itoa(i+1) {
			return query
		}
	}
	return placeholder.ReplaceAllString(query, "?")
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stmt := range s.by {
		stmt.Close()
	}
	s.by = nil
}

// sqliteTx is the transaction that a batch of closures shares.
type sqliteTx struct {
	conn       *sql.Conn
	tx         *sql.Tx
	statements *statements
	observer   *observer
}

// A cancelled statement would interrupt the transaction that others share, so
// inside it contexts don't end.
func (q *sqliteTx) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	q.observer.sent(query)
	stmt, err := q.statements.prepare(context.WithoutCancel(ctx), q.conn, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(context.WithoutCancel(ctx), storable(args)...)
}

func (q *sqliteTx) Get(ctx context.Context, dst any, query string, args ...any) error {
	rows, err := q.query(ctx, query, args)
	if err != nil {
		return err
	}
	return scanOne(dst, rows)
}

func (q *sqliteTx) Select(ctx context.Context, dst any, query string, args ...any) error {
	rows, err := q.query(ctx, query, args)
	if err != nil {
		return err
	}
	return scanAll(dst, rows)
}

func (q *sqliteTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	q.observer.sent(query)
	stmt, err := q.statements.prepare(context.WithoutCancel(ctx), q.conn, query)
	if err != nil {
		return 0, err
	}
	done, err := stmt.ExecContext(context.WithoutCancel(ctx), storable(args)...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

func (q *sqliteTx) batch(ctx context.Context, statements []*Statement) error {
	return runEach(ctx, q, statements)
}

func (q *sqliteTx) queue(ctx context.Context, statements []*Statement) error {
	return runEach(ctx, q, statements)
}

// lock needs nothing: there is one writer.
func (q *sqliteTx) lock(context.Context, string) error { return nil }

// lockTables needs nothing: one transaction writes at a time.
func (q *sqliteTx) lockTables(context.Context, []string) error { return nil }

var errClosed = errors.New("db: the database is closed")
