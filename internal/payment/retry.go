package payment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// retryWork names the job that tries a webhook again.
const retryWork = "settle webhook"

// retry is its payload.
type retry struct {
	BusinessID business.ID `json:"business"`
	Inbox      string      `json:"inbox"`
}

// retryJob tries a webhook again that could not be processed at once.
func (p *Payments) retryJob(ctx context.Context, payload []byte) error {
	var r retry
	if err := json.Unmarshal(payload, &r); err != nil {
		return fmt.Errorf("payment: read a retry: %w", err)
	}
	return p.retry(ctx, r)
}

// retry processes a webhook that is still open.
func (p *Payments) retry(ctx context.Context, r retry) error {
	var h hook
	err := p.DB.Get(ctx, &h, `SELECT `+hookColumns+` FROM webhook_inbox WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`,
		r.BusinessID, r.Inbox)
	if err != nil {
		return ignoreNone(err)
	}
	if err := p.process(ctx, h); err != nil {
		p.tryAgain(ctx, h, err)
		return err
	}
	return nil
}

// tryAgain notes that a webhook could not be processed. The first time, the
// same transaction enqueues a job that tries soon; the due time is the backstop.
// After enough tries it is given up with an outcome that says why.
func (p *Payments) tryAgain(ctx context.Context, h hook, why error) {
	p.Log.WarnContext(ctx, "a webhook waits", "inbox", h.ID, "tries", h.Tries+1, "error", why)
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		if h.Tries+1 >= maxHookTries {
			return giveUp(ctx, tx, h, why)
		}
		n, err := tx.Exec(ctx, `UPDATE webhook_inbox SET tries = tries + 1, due_at = $3 WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`,
			h.BusinessID, h.ID, db.At(tx.Now().Add(wait(h.Tries))))
		if err != nil || n == 0 || h.Tries > 0 {
			return err
		}
		return p.Queue.Enqueue(ctx, tx, retryWork, retry{h.BusinessID, h.ID})
	})
	if err != nil { // the lease ends and it is due again
		p.Log.ErrorContext(ctx, "a webhook was not put off", "inbox", h.ID, "error", err)
	}
}

// givenUp is the outcome of a webhook that was tried too often.
const givenUp = "given up"

func giveUp(ctx context.Context, tx *db.Tx, h hook, why error) error {
	outcome := givenUp
	if errors.Is(why, errUnknownObject) {
		outcome = UnknownObject
	}
	_, err := tx.Exec(ctx, `UPDATE webhook_inbox SET tries = tries + 1, processed_at = $3, outcome = $4, due_at = NULL
		WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`, h.BusinessID, h.ID, db.At(tx.Now()), outcome)
	return err
}
