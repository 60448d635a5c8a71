package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// RefundAgain asks anew for money that came too late and whose refund the
// provider failed for good, with a key of its own. Conflict: nothing is left to refund.
func (p *Payments) RefundAgain(ctx context.Context, businessID business.ID, id attempt.ID) error {
	a, err := attempt.Find(ctx, p.DB, businessID, id)
	if err != nil {
		return err
	}
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		if a, err = attempt.Lock(ctx, tx, businessID, id); err != nil {
			return err
		}
		of, err := paidOf(ctx, tx, a)
		if err != nil {
			return err
		}
		left := of.left()
		if of.Receipt != "" || left.Minor == 0 {
			return fault.New(fault.Conflict, "Nothing is left to be given back by itself.")
		}
		if err := p.takesRefunds(a); err != nil {
			return err
		}
		if _, err := resolve(ctx, tx, a); err != nil {
			return err
		}
		if _, err := addRefund(ctx, tx, of, Refund{Amount: left, Origin: ByOverflow, State: provider.RefundAsked}, "", ""); err != nil {
			return err
		}
		a.Tries = 0
		if err := schedulePoll(ctx, tx, a, tx.Now().Add(lease)); err != nil {
			return err
		}
		return attempt.AddToTimeline(ctx, tx, a, attempt.Paid, attempt.CauseMerchant, string(attempt.RefundPending))
	})
	if err != nil {
		return err
	}
	_, err = p.sync(ctx, a, trigger{cause: attempt.CauseMerchant})
	return err
}
