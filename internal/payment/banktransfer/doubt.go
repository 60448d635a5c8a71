package banktransfer

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
)

// A transfer of another amount than was asked for is in review until a person says what it
// is. Whoever settles payments asks for it then. Both hold once: what was said is not
// taken back, and money that was settled is no doubt any more.

// Keep takes the amount that came as the payment. Conflict: there is no such doubt.
func (s *Transfers) Keep(ctx context.Context, businessID business.ID, attempt attempt.ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE bank_transfers SET kept_at = $3 WHERE business_id = $1 AND attempt_id = $2 AND `+doubtful, businessID, attempt, db.At(tx.Now()))
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "No other amount waits to be taken.")
		}
		return err
	})
}

// Dropped is why an attempt ended whose money was dropped.
const Dropped = "the money did not come after all, or was sent back"

// Drop says that the money did not come after all, or went back: it ends without a payment.
// What was booked stays in the row. Money that comes later may be booked. It says whether
// there was a doubt.
func (s *Transfers) Drop(ctx context.Context, businessID business.ID, attempt attempt.ID) (dropped bool, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE bank_transfers SET status = 'canceled' WHERE business_id = $1 AND attempt_id = $2 AND `+doubtful, businessID, attempt)
		dropped = n > 0
		return err
	})
	return dropped, err
}
