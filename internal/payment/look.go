package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// toLookAt are the payments that a person must look at; indexes hold these
// alone.
const (
	reviews      = `FROM attempts WHERE business_id = $1 AND mode = $2 AND state = 'review' AND looked_at IS NULL`
	stuckRefunds = `FROM payments WHERE business_id = $1 AND mode = $2 AND status = 'refund_failed'`
	mostToLookAt = `100`
)

// NeedsALook counts what a person must look at: attempts that could not be
// decided, and money that could not be given back.
func (p *Payments) NeedsALook(ctx context.Context, businessID business.ID, mode business.Mode) (n int64, err error) {
	err = p.DB.Get(ctx, &n, `SELECT (SELECT COUNT(*) `+reviews+`) + (SELECT COUNT(*) `+stuckRefunds+`)`, businessID, mode)
	return n, err
}

// ToLookAt are the newest of those, at most 100.
func (p *Payments) ToLookAt(ctx context.Context, businessID business.ID, mode business.Mode) ([]View, error) {
	var rows []viewRow
	err := p.DB.Select(ctx, &rows, `SELECT `+viewColumns+viewTables+`
		WHERE a.business_id = $1 AND a.mode = $2 AND a.id IN (SELECT id `+reviews+` UNION SELECT id `+stuckRefunds+`)
		ORDER BY a.id DESC LIMIT `+mostToLookAt, businessID, mode)
	views := make([]View, len(rows))
	for i, r := range rows {
		views[i] = r.view()
	}
	return views, err
}

// LookedAt takes an attempt in review off the queue, once: a person has looked
// and done what was to be done at the provider. Nothing else changes, and the
// timeline says so. done is false when it was not in the queue. An attempt
// that is not the business's is a NotFound fault.
func (p *Payments) LookedAt(ctx context.Context, businessID business.ID, id ID) (done bool, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		a, err := locked(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE attempts SET looked_at = $3 WHERE business_id = $1 AND id = $2 AND state = 'review' AND looked_at IS NULL`,
			businessID, id, db.At(tx.Now()))
		done = n == 1
		if err != nil || !done {
			return err
		}
		return note(ctx, tx, a, Review, CauseMerchant, LookedAtDetail)
	})
	return done, err
}

// LookedAtDetail is the detail of that line of the timeline.
const LookedAtDetail = "looked at"
