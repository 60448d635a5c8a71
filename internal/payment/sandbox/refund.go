package sandbox

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

// Refund implements payment.Refunder. A payment whose refunds fail takes them
// and fails them, as a bank does that knows the account no more.
func (s *Sandbox) Refund(ctx context.Context, account provider.Account, ref string, o provider.RefundOrder) (reported provider.RemoteRefund, err error) {
	err = s.d.InTx(ctx, func(tx *db.Tx) error {
		r, err := s.of(ctx, tx, account, ref)
		if err != nil {
			return err
		}
		made, err := madeBefore(ctx, tx, r, o.Key)
		switch {
		case err == nil && made.AmountMinor != o.Amount.Minor:
			return fmt.Errorf("%w: this key stands for another refund", provider.ErrRefused)
		case err == nil:
			reported = made.reported(r.Currency)
			return nil
		case !errors.Is(err, db.ErrNoRows):
			return err
		}
		reported, err = r.refund(ctx, tx, o.Key, o.Amount)
		return err
	})
	return reported, err
}

// of is a checkout of the account; the row is locked.
func (s *Sandbox) of(ctx context.Context, tx *db.Tx, account provider.Account, ref string) (r row, err error) {
	err = tx.Get(ctx, &r, arrived+` WHERE account = $2 AND id = $3 RETURNING `+columns, db.At(tx.Now()), account.Business, ref)
	if errors.Is(err, db.ErrNoRows) {
		err = provider.ErrUnknown
	}
	return r, err
}

// refundRow is a refund as it is stored.
type refundRow struct {
	ID          string
	Key         string
	AmountMinor int64
	Failed      bool
}

func madeBefore(ctx context.Context, tx *db.Tx, r row, key string) (made refundRow, err error) {
	err = tx.Get(ctx, &made, `SELECT id, key, amount_minor, failed FROM sandbox_refunds WHERE payment_id = $1 AND key = $2`, r.ID, key)
	return made, err
}

func (r row) refund(ctx context.Context, tx *db.Tx, key string, amount money.Amount) (provider.RemoteRefund, error) {
	id, err := tx.NewID("srf")
	if err != nil {
		return provider.RemoteRefund{}, err
	}
	made := refundRow{ID: id, Key: key, AmountMinor: amount.Minor, Failed: r.RefundsFail}
	if !made.Failed {
		n, err := tx.Exec(ctx, `UPDATE sandbox_payments SET refunded_minor = refunded_minor + $2
			WHERE id = $1 AND status = 'paid' AND currency = $3 AND refunded_minor + $2 <= amount_minor`, r.ID, amount.Minor, amount.Currency)
		if err != nil {
			return provider.RemoteRefund{}, err
		}
		if n == 0 {
			return provider.RemoteRefund{}, fmt.Errorf("%w: less than that was paid and not refunded", provider.ErrRefused)
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO sandbox_refunds (payment_id, key, amount_minor, id, failed) VALUES ($1, $2, $3, $4, $5)`,
		r.ID, key, made.AmountMinor, made.ID, made.Failed)
	return made.reported(amount.Currency), err
}

func (r refundRow) reported(c money.Currency) provider.RemoteRefund {
	reported := provider.RemoteRefund{Ref: r.ID, Key: r.Key, Amount: money.Amount{Minor: r.AmountMinor, Currency: c}, State: provider.RefundDone}
	if r.Failed {
		reported.State, reported.Problem = provider.RefundRejected, "The sandbox says that the payer's account is closed"
	}
	return reported
}
