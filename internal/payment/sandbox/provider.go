package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/provider"
)

// Start implements payment.Provider.
func (s *Sandbox) Start(ctx context.Context, o provider.Order) (c provider.Checkout, err error) {
	source, err := json.Marshal(o.Source)
	if err != nil {
		return c, err
	}
	var kept ID
	err = s.d.Together(ctx, "sandbox checkouts", string(o.Account.Business), func(tx *db.Tx) error {
		id, err := tx.NewID("sbx")
		if err != nil {
			return err
		}
		// The update changes nothing; it makes the row that is there come back.
		return tx.Queue(ctx, db.One(&kept, `
			INSERT INTO sandbox_payments (id, account, key, amount_minor, currency, description, metadata, status, return_url, webhook_url, created_at, expires_at, source)
			VALUES ($1, $2, $3, $4, $5, $6, $3, 'open', $7, $8, $9, $10, $11)
			ON CONFLICT (account, key) DO UPDATE SET key = excluded.key RETURNING id`,
			id, o.Account.Business, o.AttemptID, o.Amount.Minor, o.Amount.Currency, o.Description, o.ReturnURL, o.WebhookURL,
			db.At(tx.Now()), db.At(o.ExpiresAt), string(source)))
	})
	c = provider.Checkout{Ref: string(kept), URL: s.addresses.Own(address.Sandbox(kept))}
	if err == nil && s.silent.swallows(o.Account.Business, o.AttemptID, s.d.Clock().Now()) {
		return provider.Checkout{}, errNoAnswer
	}
	return c, err
}

// Knows implements payment.Chooser: play money comes by every way.
func (s *Sandbox) Knows(string) bool { return true }

// Fetch implements payment.Provider.
func (s *Sandbox) Fetch(ctx context.Context, account provider.Account, ref string) (provider.Remote, error) {
	var r struct {
		row
		Moved bool
	}
	err := s.d.Get(ctx, &r, `SELECT `+columns+`, EXISTS (SELECT 1 FROM sandbox_refunds f WHERE f.payment_id = p.id) OR EXISTS (SELECT 1 FROM sandbox_disputes d WHERE d.payment_id = p.id) AS moved
		FROM sandbox_payments p WHERE account = $1 AND id = $2`, account.Business, ref)
	if errors.Is(err, db.ErrNoRows) {
		return provider.Remote{}, provider.ErrUnknown
	}
	if err != nil {
		return provider.Remote{}, err
	}
	reported := r.remote(s.d.Clock().Now())
	reported.Moved = r.Moved
	return reported, nil
}

// remote is the checkout as the payment room sees it.
func (r row) remote(now time.Time) provider.Remote {
	return provider.Remote{
		Ref: string(r.ID), AttemptID: r.Metadata, Status: r.now(now), Amount: r.amount(), Mode: business.Test, Method: "Sandbox", PaidAt: r.PaidAt.Time,
	}
}

// Cancel implements payment.Canceler. Only an open checkout is ended.
func (s *Sandbox) Cancel(ctx context.Context, account provider.Account, ref string) error {
	return s.d.InTx(ctx, func(tx *db.Tx) error {
		return tx.Queue(ctx, db.Exec(nil, `UPDATE sandbox_payments SET status = 'expired' WHERE account = $1 AND id = $2 AND status = 'open'`, account.Business, ref))
	})
}
