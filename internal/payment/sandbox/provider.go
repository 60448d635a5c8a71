package sandbox

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
)

// Start implements payment.Provider.
func (s *Sandbox) Start(ctx context.Context, o payment.Order) (c payment.Checkout, err error) {
	err = s.d.InTx(ctx, func(tx *db.Tx) error {
		id, err := tx.NewID("sbx")
		if err != nil {
			return err
		}
		var kept ID
		// The update changes nothing; it makes the row that is there come back.
		err = tx.Get(ctx, &kept, `
			INSERT INTO sandbox_payments (id, account, key, amount_minor, currency, description, metadata, status, return_url, webhook_url, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $3, 'open', $7, $8, $9, $10)
			ON CONFLICT (account, key) DO UPDATE SET key = excluded.key RETURNING id`,
			id, o.Account.Business, o.AttemptID, o.Amount.Minor, o.Amount.Currency, o.Description, o.ReturnURL, o.WebhookURL,
			db.At(tx.Now()), db.At(o.ExpiresAt))
		c = payment.Checkout{Ref: string(kept), URL: s.origin + "/sandbox/" + string(kept)}
		return err
	})
	return c, err
}

// Fetch implements payment.Provider.
func (s *Sandbox) Fetch(ctx context.Context, account payment.Account, ref string) (payment.Remote, error) {
	var r row
	err := s.d.Get(ctx, &r, `SELECT `+columns+` FROM sandbox_payments WHERE account = $1 AND id = $2`, account.Business, ref)
	if errors.Is(err, db.ErrNoRows) {
		return payment.Remote{}, payment.ErrUnknown
	}
	if err != nil {
		return payment.Remote{}, err
	}
	return payment.Remote{
		Ref: string(r.ID), AttemptID: r.Metadata, Status: r.now(s.d.Clock().Now()), Amount: r.amount(), Mode: business.Test,
		Method: "Sandbox", PaidAt: r.PaidAt.Time,
	}, nil
}

// Cancel implements payment.Canceler. Only an open checkout is ended.
func (s *Sandbox) Cancel(ctx context.Context, account payment.Account, ref string) error {
	return s.d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sandbox_payments SET status = 'expired' WHERE account = $1 AND id = $2 AND status = 'open'`, account.Business, ref)
		return err
	})
}

// Refund implements payment.Refunder.
func (s *Sandbox) Refund(ctx context.Context, account payment.Account, ref, key string, amount money.Amount) error {
	return s.d.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `
			INSERT INTO sandbox_refunds (payment_id, key, amount_minor)
			SELECT id, $3, $4 FROM sandbox_payments WHERE account = $1 AND id = $2 ON CONFLICT DO NOTHING`,
			account.Business, ref, key, amount.Minor)
		if err != nil {
			return err
		}
		if n == 0 {
			return refundedBefore(ctx, tx, account, ref, key, amount)
		}
		n, err = tx.Exec(ctx, `UPDATE sandbox_payments SET refunded_minor = refunded_minor + $3
			WHERE account = $1 AND id = $2 AND status = 'paid' AND currency = $4 AND refunded_minor + $3 <= amount_minor`,
			account.Business, ref, amount.Minor, amount.Currency)
		if err == nil && n == 0 {
			err = errors.New("sandbox: less than that was paid and not refunded")
		}
		return err
	})
}

// refundedBefore accepts the same refund again, and refuses another with its key.
func refundedBefore(ctx context.Context, tx *db.Tx, account payment.Account, ref, key string, amount money.Amount) error {
	var before int64
	err := tx.Get(ctx, &before, `SELECT r.amount_minor FROM sandbox_refunds r JOIN sandbox_payments p ON p.id = r.payment_id
		WHERE p.account = $1 AND p.id = $2 AND r.key = $3`, account.Business, ref, key)
	if errors.Is(err, db.ErrNoRows) {
		return payment.ErrUnknown
	}
	if err == nil && before != amount.Minor {
		err = errors.New("sandbox: this key stands for another refund")
	}
	return err
}
