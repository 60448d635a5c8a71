package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// requestRemainder follows when the provider refused to give back money that came
// too late. Where the merchant had given a part of it back there, only the
// rest is requested, under a new key. Else the refusal is for a
// person.
func (p *Payments) requestRemainder(ctx context.Context, a attempt.Attempt, r refundRow, t trigger, why error) error {
	smaller := false
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		smaller = false
		now, err := attempt.Lock(ctx, tx, a.BusinessID, a.ID)
		if err != nil {
			return err
		}
		of, err := paidOf(ctx, tx, now)
		if err != nil {
			return err
		}
		others := of.ReservedMinor - r.AmountMinor // on their way besides this one
		rest := of.Captured.Minor - of.RefundedMinor - of.LostMinor - others
		if rest >= r.AmountMinor {
			return nil
		}
		n, err := tx.Exec(ctx, `UPDATE refunds SET state = 'failed', problem = 'a part of it was given back already', looked_at = $3, updated_at = $3
			WHERE business_id = $1 AND id = $2 AND state = 'asked'`, a.BusinessID, r.ID, db.At(tx.Now()))
		if err != nil || n == 0 {
			return err
		}
		if err := release(ctx, tx, now, r.AmountMinor); err != nil {
			return err
		}
		if smaller = true; rest <= 0 {
			return deriveStatus(ctx, tx, now)
		}
		_, err = addRefund(ctx, tx, of, Refund{Amount: money.Amount{Minor: rest, Currency: of.Captured.Currency}, Origin: ByOverflow, State: provider.RefundAsked}, "", "")
		if err != nil {
			return err
		}
		now.Tries = 0
		return schedulePoll(ctx, tx, now, tx.Now().Add(lease))
	})
	if err != nil || smaller {
		return err
	}
	return p.refundWaits(ctx, a, r, t, why)
}

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
