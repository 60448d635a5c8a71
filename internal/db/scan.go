package db

import (
	"errors"

	"github.com/georgysavva/scany/v2/dbscan"
)

// ErrNoRows says that Get found nothing.
var ErrNoRows = errors.New("db: no row")

// scanOne fills dst from the only row, and closes rows.
func scanOne(dst any, rows dbscan.Rows) error {
	err := dbscan.ScanOne(dst, rows)
	if dbscan.NotFound(err) {
		return ErrNoRows
	}
	return err
}

// scanAll fills the slice dst from all rows, and closes rows.
func scanAll(dst any, rows dbscan.Rows) error { return dbscan.ScanAll(dst, rows) }
