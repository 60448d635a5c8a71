package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
)

// Resolve takes an attempt in review, a payment whose refund failed, or one that was probably
// made twice, off the queue, once: a person has looked and done what was to be done at the
// provider.
// With freeSlot the slot that the attempt held is free again; should its money
// turn up all the same, it takes one anew or goes back. The timeline says so.
// done is false when it was not in the queue. An attempt that is not the
// business's is a NotFound fault.
func (p *Payments) Resolve(ctx context.Context, businessID business.ID, id attempt.ID, freeSlot bool) (done bool, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		a, err := attempt.Lock(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if done, err = resolve(ctx, tx, a); err != nil || !done {
			return err
		}
		if freeSlot && a.State == attempt.Review && (a.HoldsSlot || a.HoldsCode) {
			if err := p.freeSlot(ctx, tx, &a); err != nil {
				return err
			}
		}
		return attempt.AddToTimeline(ctx, tx, a, a.State, attempt.CauseMerchant, ResolvedDetail)
	})
	return done, err
}

// resolve marks the review, or the second payment, and the failed refunds as seen to; false
// when there were none.
func resolve(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	reviewed, err := tx.Exec(ctx, `UPDATE attempts SET looked_at = $3 WHERE business_id = $1 AND id = $2 AND (state = 'review' OR double_of <> '') AND looked_at IS NULL`,
		a.BusinessID, a.ID, db.At(tx.Now()))
	if err != nil {
		return false, err
	}
	refunds, err := tx.Exec(ctx, `UPDATE refunds SET looked_at = $3 WHERE business_id = $1 AND payment_id = $2 AND state = 'failed' AND looked_at IS NULL`,
		a.BusinessID, a.ID, db.At(tx.Now()))
	if err != nil {
		return false, err
	}
	return reviewed+refunds > 0, deriveStatus(ctx, tx, a)
}

func (p *Payments) freeSlot(ctx context.Context, tx *db.Tx, a *attempt.Attempt) error {
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
	return p.release(ctx, tx, *a, nobody)
}

// ResolvedDetail is the detail of that line of the timeline.
const ResolvedDetail = "looked at"
