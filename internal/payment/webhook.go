package payment

import (
	"context"
	"errors"
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// ReceiveWebhook stores a provider's report and settles what it is about. A nil
// error means stored: answer 2xx, also when settling has to be tried again. A
// forged one is refused with a fault that tells nothing.
func (p *Payments) ReceiveWebhook(ctx context.Context, b business.Business, provider string, header http.Header, body []byte) error {
	verifier, can := p.Providers[provider].(Verifier)
	if !can {
		return fault.New(fault.NotFound, "Nothing is here.")
	}
	event, err := verifier.Verify(ctx, b.ID, header, body)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "Nothing is here.")
	}
	id, fresh, err := p.keep(ctx, b.ID, provider, event, body)
	if err != nil || !fresh {
		return err
	}
	if err := p.process(ctx, b.ID, id); err != nil {
		p.Log.WarnContext(ctx, "a webhook waits", "inbox", id, "error", err)
	}
	return nil
}

// keep stores the event in the inbox; fresh is false when it is there already.
// The row is due after a lease, in case this process ends before it is done.
func (p *Payments) keep(ctx context.Context, businessID business.ID, provider string, event Event, body []byte) (id string, fresh bool, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		if id, err = tx.NewID("inb"); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `
			INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at, due_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
			id, businessID, provider, event.ID, event.Object, body, db.At(tx.Now()), db.At(tx.Now().Add(lease)))
		fresh = n == 1
		return err
	})
	return id, fresh, err
}

// process settles what a stored webhook is about. Only the object's id is
// believed. An object that we don't know yet may be one whose id is not stored
// yet, so it is tried again a bounded number of times.
func (p *Payments) process(ctx context.Context, businessID business.ID, inbox string) error {
	var hook struct {
		Provider, Object string
		Tries            int64
	}
	err := p.DB.Get(ctx, &hook, `SELECT provider, object, tries FROM webhook_inbox WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`, businessID, inbox)
	if err != nil {
		return ignoreNone(err)
	}
	var attempt ID
	err = p.DB.Get(ctx, &attempt, `SELECT id FROM attempts WHERE business_id = $1 AND provider = $2 AND provider_ref = $3`,
		businessID, hook.Provider, hook.Object)
	switch {
	case errors.Is(err, db.ErrNoRows) && hook.Tries < maxHookTries:
		return errors.New("no attempt has this object yet")
	case errors.Is(err, db.ErrNoRows):
		return p.processed(ctx, businessID, inbox, "unknown object")
	case err != nil:
		return err
	}
	a, err := p.Sync(ctx, businessID, attempt, CauseWebhook)
	if err != nil {
		return err
	}
	return p.processed(ctx, businessID, inbox, string(a.State))
}

func (p *Payments) processed(ctx context.Context, businessID business.ID, inbox, outcome string) error {
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE webhook_inbox SET processed_at = $3, outcome = $4, due_at = NULL WHERE business_id = $1 AND id = $2`,
			businessID, inbox, db.At(tx.Now()), outcome)
		return err
	})
}
