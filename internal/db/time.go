package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is how an instant is stored: UTC microseconds in BIGINT, NULL for the
// zero time.
type Time struct{ time.Time }

// At wraps an instant for a query.
func At(t time.Time) Time { return Time{t} }

// AtPtr wraps an instant that may be missing.
func AtPtr(t *time.Time) Time {
	if t == nil {
		return Time{}
	}
	return Time{*t}
}

// Ptr returns the instant, nil for NULL.
func (t Time) Ptr() *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		t.Time = time.Time{}
	case int64:
		t.Time = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("db: an instant is stored as %T", src)
	}
	return nil
}
