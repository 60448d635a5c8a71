package visit

import (
	"context"

	"smartlinks/internal/db"
)

// Retain removes the single views that a business does not want to keep any
// longer. What they count stays: totals, days and their splits.
func Retain(ctx context.Context, d *db.DB) error {
	var all []struct {
		ID     string
		Months int
	}
	if err := d.Select(ctx, &all, `SELECT id, keep_views_months AS months FROM businesses WHERE keep_views_months > 0`); err != nil {
		return err
	}
	for _, b := range all {
		var targets []string
		if err := d.Select(ctx, &targets, `SELECT DISTINCT link_id FROM link_totals WHERE business_id = $1`, b.ID); err != nil {
			return err
		}
		before := IDAt(d.Clock().Now().AddDate(0, -b.Months, 0))
		for _, target := range targets {
			if err := removeViews(ctx, d, b.ID, target, before); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeViews deletes the target's views with lower ids, in chunks so that
// others get their turn.
func removeViews(ctx context.Context, d *db.DB, businessID, targetID string, before int64) error {
	_, err := d.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM views WHERE id IN (
			SELECT id FROM views WHERE link_id = $1 AND business_id = $2 AND id < $3 ORDER BY id LIMIT $4)`, targetID, businessID, before, most)
	})
	return err
}
