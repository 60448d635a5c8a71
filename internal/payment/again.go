package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// RefundAgain asks anew for money that came too late and whose refund the
// provider failed for good, with a key of its own. Conflict: nothing is left to refund.
func (p *Payments) RefundAgain(ctx context.Context, businessID business.ID, id ID) error {
	a, err := find(ctx, p.DB, businessID, id)
	if err != nil {
		return err
	}
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		if a, err = locked(ctx, tx, businessID, id); err != nil {
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
		if _, err := addRefund(ctx, tx, of, Refund{Amount: left, Origin: ByOverflow, State: RefundAsked}, "", ""); err != nil {
			return err
		}
		a.tries = 0
		if err := schedulePoll(ctx, tx, a, tx.Now().Add(lease)); err != nil {
			return err
		}
		return addToTimeline(ctx, tx, a, Paid, CauseMerchant, string(RefundPending))
	})
	if err != nil {
		return err
	}
	_, err = p.sync(ctx, a, trigger{cause: CauseMerchant})
	return err
}
