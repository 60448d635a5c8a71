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
	openDisputes = `FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE d.business_id = $1 AND p.mode = $2 AND d.state = 'open'`
	mostToLookAt = `100`
)

// IDsToLookAt selects what a person must look at in the business $1 and the mode $2:
// attempts that could not be decided, money that could not be given back, and disputes to
// be answered.
const IDsToLookAt = `SELECT id ` + reviews + ` UNION SELECT id ` + stuckRefunds + ` UNION SELECT d.payment_id ` + openDisputes

// ToLookAt are the newest of those, at most 100.
func (p *Payments) ToLookAt(ctx context.Context, businessID business.ID, mode business.Mode) ([]View, error) {
	var rows []viewRow
	err := p.DB.Select(ctx, &rows, `SELECT `+viewColumns+viewTables+`
		WHERE a.business_id = $1 AND a.mode = $2 AND a.id IN (`+IDsToLookAt+`)
		ORDER BY a.id DESC LIMIT `+mostToLookAt, businessID, mode)
	views := make([]View, len(rows))
	for i, r := range rows {
		views[i] = r.view()
	}
	return views, err
}

// LookedAt takes an attempt in review, or a payment whose refund failed, off the
// queue, once: a person has looked and done what was to be done at the provider.
// With freeSlot the place that the attempt held is free again; should its money
// turn up all the same, it takes one anew or goes back. The timeline says so.
// done is false when it was not in the queue. An attempt that is not the
// business's is a NotFound fault.
func (p *Payments) LookedAt(ctx context.Context, businessID business.ID, id ID, freeSlot bool) (done bool, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		a, err := locked(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if done, err = lookedAt(ctx, tx, a); err != nil || !done {
			return err
		}
		if freeSlot && a.State == Review && (a.HoldsSlot || a.HoldsCode) {
			if err := p.freeSlot(ctx, tx, &a); err != nil {
				return err
			}
		}
		return note(ctx, tx, a, a.State, CauseMerchant, LookedAtDetail)
	})
	return done, err
}

// lookedAt marks what waits for a look.
func lookedAt(ctx context.Context, tx *db.Tx, a Attempt) (bool, error) {
	reviewed, err := tx.Exec(ctx, `UPDATE attempts SET looked_at = $3 WHERE business_id = $1 AND id = $2 AND state = 'review' AND looked_at IS NULL`,
		a.BusinessID, a.ID, db.At(tx.Now()))
	if err != nil {
		return false, err
	}
	refunds, err := tx.Exec(ctx, `UPDATE refunds SET looked_at = $3 WHERE business_id = $1 AND payment_id = $2 AND state = 'failed' AND looked_at IS NULL`,
		a.BusinessID, a.ID, db.At(tx.Now()))
	if err != nil {
		return false, err
	}
	return reviewed+refunds > 0, summarise(ctx, tx, a)
}

func (p *Payments) freeSlot(ctx context.Context, tx *db.Tx, a *Attempt) error {
	if err := p.releaseCode(ctx, tx, a); err != nil {
		return err
	}
	held := a.HoldsSlot
	a.HoldsSlot = false
	if _, err := tx.Exec(ctx, `UPDATE attempts SET holds_slot = FALSE, holds_code = FALSE, updated_at = $3 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, db.At(tx.Now())); err != nil {
		return err
	}
	if !held {
		return nil
	}
	return p.release(ctx, tx, *a)
}

// LookedAtDetail is the detail of that line of the timeline.
const LookedAtDetail = "looked at"
