package payment

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// errRecorded undoes a settlement: what the provider names has been counted.
var errRecorded = errors.New("the provider's payment is recorded for another attempt")

// settle records money that the provider captured: as a payment when a slot is
// there, as overflow when none is. Receipt and effects are written by this
// transaction or not at all.
func (p *Payments) settle(ctx context.Context, tx *db.Tx, a *Attempt, remote Remote, cause Cause) error {
	status, err := p.takeSlot(ctx, tx, *a)
	if err != nil {
		return err
	}
	a.State, a.Reason, a.HoldsSlot = Paid, "", false
	look := db.At(lookAfterPaid(tx.Now(), 0))
	if status == Overflow { // it is to be refunded, whatever happens to this process
		look = db.At(tx.Now().Add(lease))
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = 'paid', holds_slot = FALSE, reason = '', sync_at = $3, sync_tries = 0, updated_at = $4
		WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, look, db.At(tx.Now())); err != nil {
		return err
	}
	if err := note(ctx, tx, *a, Paid, cause, string(status)); err != nil {
		return err
	}
	nothing := money.Amount{Currency: remote.Amount.Currency}
	payment := Payment{Attempt: *a, Status: status, Captured: remote.Amount, Refunded: nothing, Lost: nothing, Method: remote.Method, PaidAt: remote.PaidAt}
	payment.ProviderRef = remote.Ref
	if payment.PaidAt.IsZero() {
		payment.PaidAt = tx.Now()
	}
	tx.Notify("activity", payment.Target())
	if a.overflow = status == Overflow; a.overflow {
		if err := record(ctx, tx, payment); err != nil {
			return err
		}
		return oweOverflow(ctx, tx, payment)
	}
	return p.accept(ctx, tx, payment)
}

// takeSlot turns the attempt's hold into a payment. Without a hold a slot is
// taken anew, and without a free one the money is overflow.
func (p *Payments) takeSlot(ctx context.Context, tx *db.Tx, a Attempt) (MoneyStatus, error) {
	if a.LinkID == "" {
		if a.State.live() {
			return Accepted, nil
		}
		return AcceptedLate, nil
	}
	if a.HoldsSlot {
		return Accepted, p.Links.Consume(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
	}
	free, err := p.Links.ConsumeFresh(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
	if err != nil || free {
		return AcceptedLate, err
	}
	return Overflow, nil
}

// accept numbers and records a payment and runs its effects. The number comes
// late, because others of the business wait for its row until the commit.
func (p *Payments) accept(ctx context.Context, tx *db.Tx, payment Payment) (err error) {
	if payment.CustomerID, err = p.customerOf(ctx, tx, payment.Attempt); err != nil {
		return err
	}
	if payment.Receipt, err = p.receipt(ctx, tx, payment); err != nil {
		return err
	}
	if err := record(ctx, tx, payment); err != nil {
		return err
	}
	return p.cause(ctx, tx, payment)
}

// record inserts the payment; errRecorded when the provider's payment is there
// already.
func record(ctx context.Context, tx *db.Tx, p Payment) error {
	n, err := tx.Exec(ctx, `
		INSERT INTO payments (id, business_id, link_id, mode, provider, provider_ref, status, currency, captured_minor, method, receipt, paid_at, customer_id, late)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		p.ID, p.BusinessID, orNull(p.LinkID), p.Mode, p.Provider, p.ProviderRef, p.Status, p.Captured.Currency, p.Captured.Minor,
		p.Method, orNull(p.Receipt), db.At(p.PaidAt), orNull(p.CustomerID), p.Status != Accepted)
	if err == nil && n == 0 {
		err = errRecorded
	}
	return err
}

// receipt takes the next number of the business's series for the mode and the
// year in its time zone: 2026-00001, TEST-2026-00001. The row stays locked
// until the commit, so the series has no gaps.
func (p *Payments) receipt(ctx context.Context, tx *db.Tx, payment Payment) (string, error) {
	zone, err := p.Businesses.LocationTx(ctx, tx, payment.BusinessID)
	if err != nil {
		return "", err
	}
	year := payment.PaidAt.In(zone).Year()
	var number int64
	err = tx.Get(ctx, &number, `
		INSERT INTO receipt_series (business_id, mode, year, last) VALUES ($1, $2, $3, 1)
		ON CONFLICT (business_id, mode, year) DO UPDATE SET last = receipt_series.last + 1 RETURNING last`,
		payment.BusinessID, payment.Mode, year)
	if err != nil {
		return "", fmt.Errorf("number a receipt: %w", err)
	}
	text := fmt.Sprintf("%d-%05d", year, number)
	if payment.Mode == business.Test {
		text = "TEST-" + text
	}
	return text, nil
}

// cause runs the effects, each once for a payment.
func (p *Payments) cause(ctx context.Context, tx *db.Tx, payment Payment) error {
	for _, effect := range p.Effects {
		n, err := tx.Exec(ctx, `INSERT INTO payment_effects (payment_id, effect, business_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			payment.ID, effect.Name, payment.BusinessID, db.At(tx.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := effect.Do(ctx, tx, payment); err != nil {
			return fmt.Errorf("effect %s: %w", effect.Name, err)
		}
	}
	return nil
}
