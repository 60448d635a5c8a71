package payment

import (
	"context"
	"errors"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
)

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
