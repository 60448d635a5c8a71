package payment

import (
	"context"
	"errors"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/poll"
)

// tryAgain notes that a webhook could not be processed. The first time it is tried again
// at once, behind the answer. After enough tries it is given up with an outcome that says
// why.
func (p *Payments) tryAgain(ctx context.Context, h hook, why error) {
	p.Log.WarnContext(ctx, "a webhook waits", "inbox", h.ID, "tries", h.Tries+1, "error", why)
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		if h.Tries+1 >= maxHookTries {
			return giveUp(ctx, tx, h, why)
		}
		due := tx.Now()
		if h.Tries > 0 {
			due = due.Add(poll.Backoff(h.Tries))
		}
		_, err := tx.Exec(ctx, `UPDATE webhook_inbox SET tries = tries + 1, due_at = $3 WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`,
			h.BusinessID, h.ID, db.At(due))
		p.inbox.DueAt(tx, due)
		return err
	})
	if err != nil { // the lease ends and it is due again
		p.Log.ErrorContext(ctx, "a webhook was not put off", "inbox", h.ID, "error", err)
	}
}

func giveUp(ctx context.Context, tx *db.Tx, h hook, why error) error {
	outcome := history.GivenUp
	if errors.Is(why, errUnknownObject) {
		outcome = history.UnknownObject
	}
	_, err := tx.Exec(ctx, `UPDATE webhook_inbox SET tries = tries + 1, processed_at = $3, outcome = $4, due_at = NULL
		WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`, h.BusinessID, h.ID, db.At(tx.Now()), outcome)
	return err
}
