// Package testclock moves the application's time in test mode. The offset from the wall
// is kept in the database, so that all processes and restarts agree.
package testclock

import (
	"context"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// MaxAhead is how far the clock may be ahead of the wall: fifty years, leap days
// included. It outlasts every plan, and keeps all instants that are derived from it
// within what both databases and RFC 3339 can write.
const MaxAhead = 18_263 * 24 * time.Hour

// Clock is the test clock of an installation.
type Clock struct {
	d *db.DB
	// due does what fell due and returns when nothing is left.
	due func(ctx context.Context) error
}

// New returns the test clock of the database. Due does what fell due, and returns when
// nothing is left.
func New(d *db.DB, due func(ctx context.Context) error) *Clock { return &Clock{d, due} }

// Load takes the offset over from the database. Every process does so when it starts,
// and when the topic "clock" is notified.
func Load(ctx context.Context, d *db.DB) error {
	var micros int64
	if err := d.Get(ctx, &micros, `SELECT clock_offset FROM installation`); err != nil {
		return err
	}
	d.Clock().SetOffset(time.Duration(micros) * time.Microsecond)
	return nil
}

// Advance moves the clock forward and answers after what fell due has been done. It is
// refused at the field "advance" for a step back, and for one that would end more than
// MaxAhead of the wall.
func (c *Clock) Advance(ctx context.Context, by time.Duration) (time.Time, error) {
	if by < 0 {
		return time.Time{}, tooFar("Give a time forward, like 48h.")
	}
	return c.move(ctx, func(ctx context.Context, tx *db.Tx) error {
		// The bound is part of the statement: two steps at once can't pass it together.
		n, err := tx.Exec(ctx, `UPDATE installation SET clock_offset = clock_offset + $1 WHERE clock_offset <= $2`,
			by.Microseconds(), (MaxAhead - min(by, MaxAhead)).Microseconds())
		if err == nil && (n == 0 || by > MaxAhead) {
			err = tooFar("The test clock goes at most 50 years ahead. Give a shorter time, or set the clock back first.")
		}
		return err
	})
}

// Reset sets the clock back to the wall. What was done in the meantime stays done, and
// keeps its time, which is then in the future.
func (c *Clock) Reset(ctx context.Context) (time.Time, error) {
	return c.move(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE installation SET clock_offset = 0`)
		return err
	})
}

func tooFar(sentence string) error {
	var fields fault.Fields
	fields.Add("advance", "", sentence)
	return fields.Err()
}

// move changes the offset. What was under way is done before: a link that was sent a
// moment ago is sent now, not when its first reminder is due.
func (c *Clock) move(ctx context.Context, change func(ctx context.Context, tx *db.Tx) error) (time.Time, error) {
	beside := db.WithBeforeCommit(ctx, nil) // what was due anyway isn't the move
	if err := c.due(beside); err != nil {
		return time.Time{}, err
	}
	err := c.d.InTx(ctx, func(tx *db.Tx) error {
		tx.Notify("clock", "")
		return change(ctx, tx)
	})
	if err != nil {
		return time.Time{}, err
	}
	if err := Load(ctx, c.d); err != nil {
		return time.Time{}, err
	}
	// The clock has moved: what fell due is done however long the caller waits.
	if err := c.due(context.WithoutCancel(beside)); err != nil {
		return time.Time{}, err
	}
	return c.d.Clock().Now(), nil
}
