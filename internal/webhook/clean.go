package webhook

import (
	"context"
	"slices"
	"time"

	"smartlinks/internal/db"
)

const (
	// Kept is how long events and what was sent can be looked at and sent again.
	Kept = 30 * 24 * time.Hour
	// chunk bounds a clean-up transaction, so that payments never wait for it.
	chunk = 200
)

// DeleteOld removes events older than Kept, with the log of their messages, and
// callbacks, and returns how many. It is for a periodic job.
func (h *Webhooks) DeleteOld(ctx context.Context) (deleted int64, err error) {
	callbacks, err := h.deleteOldCallbacks(ctx, h.DB.Clock().Wall().Add(-Kept))
	if err != nil {
		return callbacks, err
	}
	events, err := h.deleteOldEvents(ctx)
	return callbacks + events, err
}

func (h *Webhooks) deleteOldEvents(ctx context.Context) (deleted int64, err error) {
	before := db.At(h.DB.Clock().Wall().Add(-Kept))
	return h.DB.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) {
		var old []EventID
		if err := tx.Select(ctx, &old, `SELECT id FROM events WHERE kept_from < $1 ORDER BY kept_from LIMIT $2`, before, most); err != nil {
			return 0, err
		}
		return int64(len(old)), remove(ctx, tx, old)
	})
}

// remove removes events with the log of their messages.
func remove(ctx context.Context, tx *db.Tx, ids []EventID) error {
	for part := range slices.Chunk(ids, chunk) {
		arguments := make([]any, len(part))
		for i, id := range part {
			arguments[i] = id
		}
		for _, table := range []string{`webhook_posts WHERE event_id`, `webhook_deliveries WHERE event_id`, `events WHERE id`} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+` IN (`+db.In(len(part), 1)+`)`, arguments...); err != nil {
				return err
			}
		}
	}
	return nil
}
