package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// What makes up the attention queue; partial indexes hold exactly these rows.
const (
	reviews        = `FROM attempts WHERE business_id = $1 AND mode = $2 AND state = 'review' AND looked_at IS NULL`
	stuckRefunds   = `FROM payments WHERE business_id = $1 AND mode = $2 AND status = 'refund_failed'`
	doubles        = `FROM attempts a WHERE a.business_id = $1 AND a.mode = $2 AND ` + isDouble
	openDisputes   = `FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE d.business_id = $1 AND p.mode = $2 AND d.state = 'open'`
	attentionLimit = `100`
)

// AttentionIDs selects the attention queue of the business $1 in the mode $2:
// attempts that could not be decided, money that could not be given back, payments that
// were probably made twice, and disputes to be answered.
const AttentionIDs = `SELECT id ` + reviews + ` UNION SELECT id ` + stuckRefunds + ` UNION SELECT a.id ` + doubles + ` UNION SELECT d.payment_id ` + openDisputes

// NeedingAttention is the attention queue, the newest first, at most 100.
func (p *Payments) NeedingAttention(ctx context.Context, businessID business.ID, mode business.Mode) ([]View, error) {
	var rows []viewRow
	err := p.DB.Select(ctx, &rows, `SELECT `+viewColumns+viewTables+`
		WHERE a.business_id = $1 AND a.mode = $2 AND a.id IN (`+AttentionIDs+`)
		ORDER BY a.id DESC LIMIT `+attentionLimit, businessID, mode)
	views := make([]View, len(rows))
	for i, r := range rows {
		views[i] = r.view()
	}
	return views, err
}

// Resolve takes an attempt in review, a payment whose refund failed, or one that was probably
// made twice, off the queue, once: a person has looked and done what was to be done at the
// provider.
// With freeSlot the slot that the attempt held is free again; should its money
// turn up all the same, it takes one anew or goes back. The timeline says so.
// done is false when it was not in the queue. An attempt that is not the
// business's is a NotFound fault.
func (p *Payments) Resolve(ctx context.Context, businessID business.ID, id ID, freeSlot bool) (done bool, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		a, err := locked(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if done, err = resolve(ctx, tx, a); err != nil || !done {
			return err
		}
		if freeSlot && a.State == Review && (a.HoldsSlot || a.HoldsCode) {
			if err := p.freeSlot(ctx, tx, &a); err != nil {
				return err
			}
		}
		return addToTimeline(ctx, tx, a, a.State, CauseMerchant, ResolvedDetail)
	})
	return done, err
}

// resolve marks the review, or the second payment, and the failed refunds as seen to; false
// when there were none.
func resolve(ctx context.Context, tx *db.Tx, a Attempt) (bool, error) {
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
	return p.release(ctx, tx, *a, nobody)
}

// ResolvedDetail is the detail of that line of the timeline.
const ResolvedDetail = "looked at"
