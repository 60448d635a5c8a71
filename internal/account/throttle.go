package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/db"
)

// Throttle counts what happens too often, for all processes together, in fixed
// windows of wall time. It is safe for concurrent use.
type Throttle struct {
	db *db.DB
	on bool
}

// NewThrottle returns a throttle; with on false it lets everything pass.
func NewThrottle(d *db.DB, on bool) *Throttle { return &Throttle{db: d, on: on} }

// Allow counts one more in the bucket, which names what is counted and for
// whom, and reports whether it is within the limit for the window. If it is
// not, retryAfter is the time until the window ends. What is refused isn't
// counted: it costs one read and no write.
func (t *Throttle) Allow(ctx context.Context, bucket string, limit int, window time.Duration) (retryAfter time.Duration, ok bool, err error) {
	if !t.on {
		return 0, true, nil
	}
	now := t.db.Clock().Wall()
	var counted struct {
		Hits  int64   `db:"hits"`
		Until db.Time `db:"window_until"`
	}
	err = t.db.Get(ctx, &counted, `
		SELECT hits, window_until FROM throttles WHERE bucket = $1 AND window_until > $2`, bucket, db.At(now))
	switch {
	case err == nil && counted.Hits >= int64(limit):
		return counted.Until.Sub(now), false, nil
	case err != nil && !errors.Is(err, db.ErrNoRows):
		return 0, false, err
	}
	err = t.db.InTx(audit.Aside(ctx), func(tx *db.Tx) error {
		return tx.Get(ctx, &counted, `
			INSERT INTO throttles (bucket, hits, window_until) VALUES ($1, 1, $2)
			ON CONFLICT (bucket) DO UPDATE SET
				hits = CASE WHEN throttles.window_until > $3 THEN throttles.hits + 1 ELSE 1 END,
				window_until = CASE WHEN throttles.window_until > $3 THEN throttles.window_until ELSE excluded.window_until END
			RETURNING hits, window_until`, bucket, db.At(now.Add(window)), db.At(now))
	})
	if err != nil {
		return 0, false, err
	}
	if counted.Hits > int64(limit) { // several at once saw the last free place
		return counted.Until.Sub(now), false, nil
	}
	return 0, true, nil
}
