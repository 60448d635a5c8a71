package visit

import (
	"context"

	"smartlinks/internal/db"
)

// deleteChunk bounds one transaction of a large deletion, so that others get
// their turn.
const deleteChunk = 2000

// DeleteViews removes the views of a target that was deleted, and what they counted.
// Payments stay.
func DeleteViews(ctx context.Context, d *db.DB, businessID, targetID string) error {
	if err := removeViews(ctx, d, businessID, targetID, newest.view); err != nil {
		return err
	}
	return d.InTx(ctx, func(tx *db.Tx) error {
		for _, statement := range []string{
			`UPDATE link_totals SET views = 0, visitors = 0, bots = 0, previews = 0, own = 0 WHERE link_id = $1 AND business_id = $2`,
			`UPDATE link_rollups SET views = 0, visitors = 0, bots = 0, previews = 0, own = 0 WHERE link_id = $1 AND business_id = $2`,
			`UPDATE link_facets SET views = 0, visitors = 0 WHERE link_id = $1 AND business_id = $2`,
		} {
			if _, err := tx.Exec(ctx, statement, targetID, businessID); err != nil {
				return err
			}
		}
		return nil
	})
}
