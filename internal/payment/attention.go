package payment

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
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

// Nobody can call a bank transfer back, and a checkout may be paid while it is being ended.
// So money can come of what its payer gave up, after they paid for the same another way. It
// is a payment like any other where a place is free, and the merchant is asked to look: only
// they can tell whether somebody meant to pay twice.

// begunAgain finds what a payer began for the same after an attempt, and paid or may still
// pay: first what is paid. Each part has an index. $1 business, $2 mode, $3 attempt, $4 link,
// $5 product, $6 browser, $7 folded address, $8 token of a recipient, $9 when the
// attempt was begun.
const begunAgain = `SELECT o.id FROM attempts o LEFT JOIN payments k ON k.id = o.id
	WHERE o.business_id = $1 AND o.mode = $2 AND o.id <> $3 AND o.created_at >= $9 AND COALESCE(o.link_id, '') = $4 AND COALESCE(o.product_id, '') = $5
	AND (o.state IN (` + attempt.LiveSQL + `) OR ` + history.KeptSQL + `) AND o.id IN (
		SELECT b.id FROM attempts b WHERE b.business_id = $1 AND b.browser_key = $6 AND b.browser_key <> ''
		UNION SELECT e.id FROM attempts e WHERE e.business_id = $1 AND e.mode = $2 AND e.payer_email_folded = $7 AND e.payer_email_folded <> ''
		UNION SELECT t.id FROM attempts t WHERE t.link_id = $4 AND t.recipient_token = $8 AND t.recipient_token <> '')
	ORDER BY k.id IS NULL, o.id LIMIT 1`

// gaveUp reports whether an attempt may be one that its payer gave up before its money came.
func gaveUp(a attempt.Attempt, status attempt.MoneyStatus) bool {
	return status == attempt.AcceptedLate || status == attempt.Accepted && a.State == attempt.Closing
}

// noteDouble keeps, with the money of an attempt that was given up, what its payer began
// instead. Whoever pays that later is in the queue then.
func noteDouble(ctx context.Context, tx *db.Tx, a attempt.Attempt) error {
	var again attempt.ID
	err := tx.Get(ctx, &again, begunAgain, a.BusinessID, a.Mode, a.ID, a.LinkID, a.ProductID, a.BrowserKey, attempt.FoldedEmail(a.Payer.Email), a.RecipientToken, db.At(a.CreatedAt))
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE attempts SET double_of = $3, looked_at = NULL WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, again)
	return err
}
