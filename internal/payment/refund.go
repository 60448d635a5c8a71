package payment

import (
	"context"
	"errors"

	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// refundOverflow gives money back that came when no slot was left. The
// payment's id is the key, so trying again refunds once; the poller tries again
// until the provider has confirmed.
func (p *Payments) refundOverflow(ctx context.Context, provider Provider, a Attempt, k knock) error {
	owed, ref, err := p.owed(ctx, a)
	if err != nil || owed.IsZero() {
		return err
	}
	refunder, can := provider.(Refunder)
	if !can {
		return p.refundFailed(ctx, a, k, errors.New("the provider can't refund by itself"))
	}
	if err := refunder.Refund(ctx, a.account(), ref, string(a.ID), owed); err != nil {
		return p.refundFailed(ctx, a, k, err)
	}
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE payments SET refunded_minor = captured_minor, status = 'refunded'
			WHERE business_id = $1 AND id = $2 AND receipt IS NULL AND refunded_minor < captured_minor`, a.BusinessID, a.ID)
		if err != nil || n == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE attempts SET sync_at = NULL, updated_at = $3 WHERE business_id = $1 AND id = $2`,
			a.BusinessID, a.ID, db.At(tx.Now())); err != nil {
			return err
		}
		tx.Notify("activity", Payment{Attempt: a}.Target())
		return note(ctx, tx, a, Paid, k.cause, string(Refunded))
	})
}

// owed marks an overflow as being refunded, and returns what is to be given
// back; nothing when there is no overflow, or it is given back already. Only
// money without a receipt is overflow.
func (p *Payments) owed(ctx context.Context, a Attempt) (owed money.Amount, ref string, err error) {
	var due struct {
		CapturedMinor int64
		Currency      money.Currency
		ProviderRef   string
		Status        MoneyStatus
	}
	err = p.DB.Get(ctx, &due, `SELECT captured_minor, currency, provider_ref, status FROM payments
		WHERE business_id = $1 AND id = $2 AND receipt IS NULL AND refunded_minor < captured_minor`, a.BusinessID, a.ID)
	if err != nil {
		return owed, "", ignoreNone(err)
	}
	if due.Status == Overflow {
		err = p.DB.InTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE payments SET status = 'refund_pending' WHERE business_id = $1 AND id = $2 AND status = 'overflow'`,
				a.BusinessID, a.ID)
			return err
		})
	}
	return money.Amount{Minor: due.CapturedMinor, Currency: due.Currency}, due.ProviderRef, err
}

// refundFailed alerts the merchant; the poller tries again.
func (p *Payments) refundFailed(ctx context.Context, a Attempt, k knock, why error) error {
	p.Log.ErrorContext(ctx, "an overflow could not be refunded", "payment", a.ID, "error", why)
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE payments SET status = 'refund_failed'
			WHERE business_id = $1 AND id = $2 AND status = 'refund_pending' AND refunded_minor < captured_minor`, a.BusinessID, a.ID)
		if err != nil {
			return err
		}
		now, err := locked(ctx, tx, a.BusinessID, a.ID)
		if err != nil {
			return err
		}
		if n == 1 {
			if err := note(ctx, tx, now, Paid, k.cause, string(RefundFailed)); err != nil {
				return err
			}
			tx.Notify("activity", Payment{Attempt: now}.Target())
		}
		return lookLater(ctx, tx, now)
	})
}

// ignoreNone turns "no row" into no error.
func ignoreNone(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	return err
}
