package payment

import (
	"context"
	"net/netip"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/caps"
)

// checkCaps applies the caps to an attempt that has its slot already; an error undoes
// both. availability is nil where there is no limit.
func (p *Payments) checkCaps(ctx context.Context, tx *db.Tx, r StartRequest, a *attempt.Attempt, t caps.Tally, availability *link.Availability) error {
	personal := r.Attribution.RecipientToken != "" || r.Link != nil && r.Link.CustomerID != ""
	if err := t.AddFree(ctx, tx, *a, availability != nil && availability.ByUnits); err != nil {
		return err
	}
	if !t.Allows(*a, availability, personal) {
		return errManyAtOnce
	}
	if availability == nil || t.Lapsed == 0 || personal {
		return nil
	}
	a.HoldUntil = a.CreatedAt.Add(caps.ShortHold)
	return tx.Queue(ctx, db.Exec(nil, `UPDATE attempts SET hold_until = $3 WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, db.At(a.HoldUntil)))
}

// errManyAtOnce accuses nobody: most who read it share an address with others.
var errManyAtOnce = fault.New(fault.TooMany, "Several payments for this are under way from your network right now. Finish yours if one is open, or try again in a few minutes. You have not been charged.")

func (p *Payments) sourceKey(at business.ID, address netip.Addr) string {
	return caps.SourceKey(p.SourceKey, at, address)
}

// ClearOldSources removes what tells which attempts came from one source, after a day.
func (p *Payments) ClearOldSources(ctx context.Context) error {
	_, err := p.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `UPDATE attempts SET payer_key = '' WHERE id IN (SELECT id FROM attempts
			WHERE payer_key <> '' AND (holds_slot OR state IN ('failed', 'expired', 'released')) AND id < $1 LIMIT $2)`,
			attempt.Floor(tx.Now().Add(-caps.SourceKept)), most)
	})
	if err != nil {
		return err
	}
	_, err = p.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) { // of payments of nothing
		return tx.Exec(ctx, `UPDATE attempts SET payer_key = '' WHERE id IN (SELECT id FROM attempts
			WHERE provider = 'none' AND payer_key <> '' AND id < $1 LIMIT $2)`, attempt.Floor(tx.Now().Add(-caps.SourceKept)), most)
	})
	return err
}
