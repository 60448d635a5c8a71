package sandbox

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

// disputeRow is a dispute as it is stored.
type disputeRow struct {
	ID          string
	AmountMinor int64
	State       provider.DisputeState
	OpenedAt    db.Time
}

// Movements implements payment.Ledger.
func (s *Sandbox) Movements(ctx context.Context, account provider.Account, ref string) (moved provider.Movements, err error) {
	var r row
	if err := s.d.Get(ctx, &r, `SELECT `+columns+` FROM sandbox_payments WHERE account = $1 AND id = $2`, account.Business, ref); err != nil {
		return moved, err
	}
	var refunds []refundRow
	if err := s.d.Select(ctx, &refunds, `SELECT id, key, amount_minor, failed FROM sandbox_refunds WHERE payment_id = $1 ORDER BY id`, r.ID); err != nil {
		return moved, err
	}
	for _, given := range refunds {
		moved.Refunds = append(moved.Refunds, given.reported(r.Currency))
	}
	var disputes []disputeRow
	if err := s.d.Select(ctx, &disputes, `SELECT id, amount_minor, state, opened_at FROM sandbox_disputes WHERE payment_id = $1 ORDER BY id`, r.ID); err != nil {
		return moved, err
	}
	for _, d := range disputes {
		moved.Disputes = append(moved.Disputes, provider.RemoteDispute{
			Ref: d.ID, Amount: money.Amount{Minor: d.AmountMinor, Currency: r.Currency}, State: d.State,
			Reason: "The payer does not know this payment", OpenedAt: d.OpenedAt.Time,
		})
	}
	return moved, nil
}

// dispute lets the payer's bank ask for the money back, or decide about it.
func (r row) dispute(ctx context.Context, tx *db.Tx, outcome Outcome) error {
	if r.Status != provider.RemotePaid {
		return fault.New(fault.Conflict, "Nothing was paid yet, so nothing can be disputed.")
	}
	if outcome == Disputed {
		id, err := tx.NewID("sdp")
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO sandbox_disputes (id, payment_id, amount_minor, state, opened_at)
			SELECT $1, $2, $3, 'open', $4 WHERE NOT EXISTS (SELECT 1 FROM sandbox_disputes WHERE payment_id = $2)`,
			id, r.ID, r.AmountMinor, db.At(tx.Now()))
		return err
	}
	state := provider.DisputeLost
	if outcome == DisputeWon {
		state = provider.DisputeWon
	}
	n, err := tx.Exec(ctx, `UPDATE sandbox_disputes SET state = $2 WHERE payment_id = $1 AND state = 'open'`, r.ID, state)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "There is no open dispute about this payment.")
	}
	return err
}
