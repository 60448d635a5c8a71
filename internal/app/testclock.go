package app

import (
	"context"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// loadOffset takes over how far test mode is ahead of the wall, from the
// database, so that all processes and restarts agree.
func loadOffset(ctx context.Context, d *db.DB) error {
	var micros int64
	if err := d.Get(ctx, &micros, `SELECT clock_offset FROM installation`); err != nil {
		return err
	}
	d.Clock().SetOffset(time.Duration(micros) * time.Microsecond)
	return nil
}

// maxAdvance bounds one step of the test clock; ten years are enough for any
// reminder plan and keep instants far from overflow.
const maxAdvance = 10 * 365 * 24 * time.Hour

// testClock moves the application's time. It exists in test mode only.
type testClock struct {
	d *db.DB
	// due does what fell due and returns when nothing is left.
	due func(ctx context.Context) error
}

// Advance moves the clock forward and answers after what fell due has been done.
// What was under way is done before: a link that was sent a moment ago is sent
// now, not when its first reminder is due.
func (c *testClock) Advance(ctx context.Context, by time.Duration) (time.Time, error) {
	if by < 0 || by > maxAdvance {
		var fields fault.Fields
		fields.Add("advance", "", "Give a time forward, like 48h, of ten years at most.")
		return time.Time{}, fields.Err()
	}
	if err := c.due(ctx); err != nil {
		return time.Time{}, err
	}
	err := c.d.InTx(ctx, func(tx *db.Tx) error {
		tx.Notify("clock", "")
		_, err := tx.Exec(ctx, `UPDATE installation SET clock_offset = clock_offset + $1`, by.Microseconds())
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	if err := loadOffset(ctx, c.d); err != nil {
		return time.Time{}, err
	}
	// The clock has moved: what fell due is done however long the caller waits.
	if err := c.due(context.WithoutCancel(ctx)); err != nil {
		return time.Time{}, err
	}
	return c.d.Clock().Now(), nil
}
