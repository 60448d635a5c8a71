package domain

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Remove takes a name from the business. It stops at once; if it was proven, no other
// business can prove it for 30 days. Errors: NotFound.
func (s *Domains) Remove(ctx context.Context, businessID business.ID, id ID) error {
	return s.refreshDirectory(ctx, businessID, s.DB.InTx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "domains "+string(businessID)); err != nil {
			return err
		}
		d, err := s.get(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		tx.Notify(topic, string(businessID))
		if d.ProvenAt.IsZero() { // nothing led to it, so nothing is kept
			_, err := tx.Exec(ctx, `DELETE FROM domains WHERE business_id = $1 AND id = $2`, businessID, id)
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE domains SET removed_at = $3, due_at = NULL, live_at = NULL, for_new = FALSE WHERE business_id = $1 AND id = $2`, businessID, id, db.At(tx.Now()))
		if err != nil {
			return err
		}
		if err := s.gone(ctx, tx, businessID, d.Host); err != nil {
			return err
		}
		return s.chooseForNew(ctx, tx, businessID)
	}))
}

// UseForNew makes the domain the one of links that chose none, and of the payment page.
// Errors: NotFound; a domain that is not live yet waits for that.
func (s *Domains) UseForNew(ctx context.Context, businessID business.ID, id ID) error {
	return s.refreshDirectory(ctx, businessID, s.DB.InTx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "domains "+string(businessID)); err != nil {
			return err
		}
		if _, err := s.get(ctx, tx, businessID, id); err != nil {
			return err
		}
		tx.Notify(topic, string(businessID))
		if _, err := tx.Exec(ctx, `UPDATE domains SET for_new = FALSE WHERE business_id = $1 AND for_new`, businessID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE domains SET for_new = TRUE WHERE business_id = $1 AND id = $2`, businessID, id)
		return err
	}))
}

// chooseForNew gives the oldest live domain to new links, if none has them.
func (s *Domains) chooseForNew(ctx context.Context, tx *db.Tx, businessID business.ID) error {
	var first ID
	err := tx.Get(ctx, &first, `SELECT id FROM domains WHERE business_id = $1 AND removed_at IS NULL AND live_at IS NOT NULL AND broken_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM domains WHERE business_id = $1 AND for_new) ORDER BY live_at, id LIMIT 1`, businessID)
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE domains SET for_new = TRUE WHERE business_id = $1 AND id = $2`, businessID, first)
	return err
}

// endChunk is how many rows are deleted at a time.
const endChunk = 500

// End deletes the claims that nobody proved within a week, and what was removed so long
// ago that the name is free. It is for a periodic job.
func (s *Domains) End(ctx context.Context) error {
	now := s.DB.Clock().Now()
	_, err := s.DB.InChunks(ctx, endChunk, func(tx *db.Tx, most int64) (int64, error) {
		// Asked again of the row itself: a claim may have been proven since it was chosen.
		return tx.Exec(ctx, `DELETE FROM domains WHERE (proven_at IS NULL AND removed_at IS NULL AND created_at <= $1 OR removed_at <= $2)
			AND id IN (SELECT id FROM domains WHERE proven_at IS NULL AND removed_at IS NULL AND created_at <= $1 OR removed_at <= $2 LIMIT $3)`,
			db.At(now.Add(-claimLasts)), db.At(now.Add(-reservedFor)), most)
	})
	return err
}
