package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

const (
	// lease is how long a claimed row is left to whoever claimed it.
	lease = time.Minute
	// claimed bounds how many rows one claim takes.
	claimed = 20
	// maxWait bounds the wait between two looks at an attempt.
	maxWait = time.Hour
	// maxHookTries bounds how often a webhook is tried that nothing matches.
	maxHookTries = 12
)

// nextLook is when the poller looks at an attempt after so many vain looks:
// when its hold ends, else after waits that double from half a minute.
func nextLook(a Attempt, now time.Time, tries int64) time.Time {
	wait := maxWait
	if tries < 7 {
		wait = 30 * time.Second << tries
	}
	next := now.Add(wait)
	if a.State == Open && next.After(a.HoldUntil) && now.Before(a.HoldUntil) {
		return a.HoldUntil
	}
	return next
}

// lookLater puts the next look off, the longer the more often it was in vain.
func (p *Payments) lookLater(ctx context.Context, tx *db.Tx, a Attempt) error {
	if !a.State.live() && a.State != Paid {
		return nil
	}
	var tries int64
	if err := tx.Get(ctx, &tries, `UPDATE attempts SET sync_tries = sync_tries + 1 WHERE business_id = $1 AND id = $2 RETURNING sync_tries`,
		a.BusinessID, a.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE attempts SET sync_at = $3 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, db.At(nextLook(a, tx.Now(), tries)))
	return err
}

// due names a row that fell due.
type due struct {
	ID         string
	BusinessID business.ID
}

// SweepDue settles what fell due: attempts that nobody returned from, holds
// whose time is up, webhooks that could not be processed. A claim moves the due
// time forward, so that of several processes one does it. It returns when
// nothing is left, and how much it did.
func (p *Payments) SweepDue(ctx context.Context) (n int, err error) {
	for ctx.Err() == nil {
		hooks, err := p.claim(ctx, `
			UPDATE webhook_inbox SET due_at = $1, tries = tries + 1
			WHERE id IN (SELECT id FROM webhook_inbox WHERE due_at <= $2 ORDER BY due_at LIMIT $3) AND due_at <= $2
			RETURNING id, business_id`)
		if err != nil {
			return n, err
		}
		for _, h := range hooks {
			if err := p.process(ctx, h.BusinessID, h.ID); err != nil {
				p.Log.WarnContext(ctx, "a webhook waits", "inbox", h.ID, "error", err)
			}
		}
		attempts, err := p.claim(ctx, `
			UPDATE attempts SET sync_at = $1
			WHERE id IN (SELECT id FROM attempts WHERE sync_at <= $2 ORDER BY sync_at LIMIT $3) AND sync_at <= $2
			RETURNING id, business_id`)
		if err != nil {
			return n, err
		}
		for _, a := range attempts {
			if _, err := p.Sync(ctx, a.BusinessID, ID(a.ID), CausePoller); err != nil {
				p.Log.WarnContext(ctx, "an attempt waits", "attempt", a.ID, "error", err)
			}
		}
		if n += len(hooks) + len(attempts); len(hooks)+len(attempts) == 0 {
			return n, nil
		}
	}
	return n, ctx.Err()
}

func (p *Payments) claim(ctx context.Context, statement string) (rows []due, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		rows = nil
		return tx.Select(ctx, &rows, statement, db.At(tx.Now().Add(lease)), db.At(tx.Now()), claimed)
	})
	return rows, err
}

// ignoreNone turns "no row" into no error.
func ignoreNone(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	return err
}
