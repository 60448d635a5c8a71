package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"smartlinks/internal/fault"
)

// Codes of PostgreSQL, from its documentation, appendix A.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	undefinedTable       = "42P01"
)

// IsUnique reports whether a unique constraint refused the write. On
// PostgreSQL the transaction is over then, so inside a transaction prefer
// ON CONFLICT DO NOTHING and the number of rows.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == uniqueViolation
	}
	var lite *sqlitedriver.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// mayRetry reports whether PostgreSQL asks to run the transaction again.
func mayRetry(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == serializationFailure || pg.Code == deadlockDetected)
}

// ErrAway says that the database can't work now. What was under way may have been
// done or not.
var ErrAway = errors.New("the database is away")

// ErrFull says that the disk of the database is full: it can be read, and nothing can be
// stored. Whoever asks only whether the database can work finds it an ErrAway too.
var ErrFull error = full{}

type full struct{}

func (full) Error() string { return "the disk of the database is full" }

// Is makes it an ErrAway for errors.Is.
func (full) Is(target error) bool { return target == ErrAway }

// classify makes an error by which an engine says that it can't work now ErrFull or ErrAway,
// with the code Unavailable, so that people and programs are asked to come back. where
// names the database for the log.
func classify(err error, e engine, where func() string) error {
	switch {
	case err == nil || !e.away(err):
		return err
	case e.full(err):
		return fault.Wrap(fmt.Errorf("%w: %s: %w", ErrFull, where(), err), fault.Unavailable, "The disk of the server is full, so nothing can be saved right now. Please try again later.")
	}
	return fault.Wrap(fmt.Errorf("%w: %w", ErrAway, err), fault.Unavailable, "The database can't be reached right now. Please try again in a moment.")
}

// postgresFull is disk_full of PostgreSQL's documentation, appendix A.
func postgresFull(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "53100"
}

// sqliteFull reports whether SQLite found no room, in its file or for what it keeps beside.
func sqliteFull(err error) bool {
	var lite *sqlitedriver.Error
	return errors.As(err, &lite) && (lite.Code()&0xff == sqlite3.SQLITE_FULL || lite.Code() == sqlite3.SQLITE_IOERR_SHMSIZE)
}

// IsReadOnly reports whether SQLite may not write its file, or beside it.
func IsReadOnly(err error) bool {
	var lite *sqlitedriver.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_READONLY
}

// IsForeignFile reports whether SQLite says that a file is none of its databases.
func IsForeignFile(err error) bool {
	var lite *sqlitedriver.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_NOTADB
}

// postgresAway reports whether PostgreSQL is away, restarting, or out of
// connections, memory or disk (its documentation, appendix A).
func postgresAway(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "53")
	}
	var line *net.OpError
	return errors.As(err, new(*pgconn.ConnectError)) || errors.As(err, &line) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

// sqliteAway reports whether SQLite can't write or read its file now: the disk is
// full or fails, or another program holds the file (its documentation, result codes), so
// that time is over before there is an answer.
func sqliteAway(err error) bool {
	var lite *sqlitedriver.Error
	if !errors.As(err, &lite) {
		return errors.Is(err, context.DeadlineExceeded)
	}
	switch lite.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY:
		return true
	}
	return false
}
