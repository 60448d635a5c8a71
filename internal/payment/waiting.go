package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// stateOf is what an attempt becomes once the provider knows it.
func stateOf(c provider.Checkout) attempt.State {
	if c.Pending {
		return attempt.Pending
	}
	return attempt.Open
}

// waits reports whether an attempt waits from the beginning, and can be canceled while it does.
func (p *Payments) waits(a attempt.Attempt) bool {
	_, is := p.Providers[a.Provider].(provider.Waiter)
	return is
}

// Why a transfer can't be waited for, though another way to pay may be open.
var (
	ErrLastPlaceWaits  = fault.New(fault.SlotTaken, "The last place can't wait for a transfer. Pay another way; you have not been charged.")
	ErrTransferAwaited = fault.New(fault.TooMany, "A transfer is awaited from you already. Send that first, or pay another way; you have not been charged.")
)

// checkWaiting bounds what waits for days: one of each source at a business, and none on a
// link's last slot but of who was asked personally.
func (p *Payments) checkWaiting(ctx context.Context, tx *db.Tx, r StartRequest, a attempt.Attempt, availability *link.Availability) error {
	personal := r.Attribution.RecipientToken != "" || r.Link != nil && r.Link.CustomerID != ""
	if availability != nil && availability.Free == 0 && !personal {
		return ErrLastPlaceWaits
	}
	if !p.Limits || a.SourceKey == "" {
		return nil
	}
	var others bool
	if err := tx.Get(ctx, &others, `SELECT EXISTS (SELECT 1 FROM attempts WHERE business_id = $1 AND provider = $2 AND state = 'pending' AND payer_key = $3 AND id <> $4)`,
		a.BusinessID, a.Provider, a.SourceKey, a.ID); err != nil {
		return err
	}
	if others {
		return ErrTransferAwaited
	}
	return nil
}

// CloseWaiting ends a payment that waits, such as a transfer that its payer will not send:
// its slot is free at once, or, where others wait for one and the payer closes it, theirs
// for a while. Money that comes all the same is late. Conflict: it does not wait any more.
func (p *Payments) CloseWaiting(ctx context.Context, businessID business.ID, id attempt.ID, cause attempt.Cause) error {
	a, err := attempt.Find(ctx, p.DB, businessID, id)
	if err != nil {
		return err
	}
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		if a, err = attempt.Lock(ctx, tx, businessID, id); err != nil {
			return err
		}
		if a.State != attempt.Pending || !p.waits(a) {
			return fault.New(fault.Conflict, "Nobody waits for this payment any more.")
		}
		a.State = attempt.Closing
		if _, err := tx.Exec(ctx, `UPDATE attempts SET state = 'closing', sync_at = $3, sync_tries = 0, updated_at = $3 WHERE business_id = $1 AND id = $2`,
			businessID, id, db.At(tx.Now())); err != nil {
			return err
		}
		return attempt.AddToTimeline(ctx, tx, a, attempt.Closing, cause, "")
	})
	if err != nil {
		return err
	}
	t := trigger{cause: cause}
	if cause == attempt.CausePayer {
		t.slotFor = itsPayer
	}
	_, err = p.sync(ctx, a, t)
	return err
}
