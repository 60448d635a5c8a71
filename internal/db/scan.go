package db

import (
	"errors"
	"time"

	"github.com/georgysavva/scany/v2/dbscan"
)

// ErrNoRows says that Get found nothing.
var ErrNoRows = errors.New("db: no row")

// separator stands between the name of a struct and those of its fields, in the
// columns that it is scanned from.
const separator = "_"

// scanner maps columns to fields; it keeps what it has learned of types.
var scanner = newScanner()

func newScanner() *dbscan.API {
	api, err := dbscan.NewAPI(dbscan.WithColumnSeparator(separator))
	if err != nil {
		panic(err) // the options are ours
	}
	return api
}

// scanOne fills dst from the only row, and closes rows.
func scanOne(dst any, rows dbscan.Rows) error {
	err := scanner.ScanOne(dst, instants{rows})
	if dbscan.NotFound(err) {
		return ErrNoRows
	}
	return err
}

// scanAll fills the slice dst from all rows, and closes rows.
func scanAll(dst any, rows dbscan.Rows) error { return scanner.ScanAll(dst, instants{rows}) }

// instants are rows that also fill time.Time and *time.Time, as Time is stored.
type instants struct{ dbscan.Rows }

func (r instants) Scan(into ...any) error {
	for i, one := range into {
		switch at := one.(type) {
		case *time.Time:
			into[i] = instant(func(t Time) { *at = t.Time })
		case **time.Time:
			into[i] = instant(func(t Time) { *at = t.Ptr() })
		}
	}
	return r.Rows.Scan(into...)
}

// instant is told a time that was stored.
type instant func(Time)

// Scan implements sql.Scanner.
func (f instant) Scan(stored any) error {
	var t Time
	err := t.Scan(stored)
	f(t)
	return err
}
