package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	held := *a
	status, err := p.findSlot(ctx, tx, held)
	if err != nil {
		return err
	}
	a.State, a.Reason, a.HoldsSlot = Paid, "", false
	look := db.At(lookAfterPaid(tx.Now(), 0))
	if status == Overflow { // it is to be refunded, whatever happens to this process
		look = db.At(tx.Now().Add(lease))
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = 'paid', holds_slot = FALSE, payer_key = '', reason = '', sync_at = $3, sync_tries = 0, updated_at = $4
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
	return p.accept(ctx, tx, payment, held)
}

// findSlot says whether there is a slot for the money. A held one is there, and
// is turned into a payment by accept, late. Without a hold a slot is taken anew,
// and without a free one the money is overflow.
func (p *Payments) findSlot(ctx context.Context, tx *db.Tx, a Attempt) (MoneyStatus, error) {
	if a.LinkID == "" {
		if a.State.live() {
			return Accepted, nil
		}
		return AcceptedLate, nil
	}
	if a.HoldsSlot {
		return Accepted, nil
	}
	free, err := p.Links.ConsumeFresh(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
	if err != nil || free {
		return AcceptedLate, err
	}
	return Overflow, nil
}

// accept uses the slot that was held, numbers and records the payment and runs
// its effects. What needs neither the slot's row nor the receipts' comes first,
// because others of the link and of the business wait for these until the commit.
func (p *Payments) accept(ctx context.Context, tx *db.Tx, payment Payment, held Attempt) (err error) {
	if payment.CustomerID, err = p.customerOf(ctx, tx, payment.Attempt); err != nil {
		return err
	}
	zone, err := p.Businesses.LocationTx(ctx, tx, payment.BusinessID)
	if err != nil {
		return err
	}
	if held.HoldsSlot && held.LinkID != "" {
		if err := p.Links.Consume(ctx, tx, held.BusinessID, held.LinkID, held.Mode); err != nil {
			return err
		}
	}
	if payment.Receipt, err = receipt(ctx, tx, payment, payment.PaidAt.In(zone).Year()); err != nil {
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
// year, in its time zone: 2026-00001, TEST-2026-00001. The row stays locked until
// the commit, so the series has no gaps.
func receipt(ctx context.Context, tx *db.Tx, payment Payment, year int) (string, error) {
	var number int64
	err := tx.Get(ctx, &number, `
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
	fresh, err := p.claimEffects(ctx, tx, payment)
	if err != nil {
		return err
	}
	for _, effect := range p.Effects {
		if !slices.Contains(fresh, effect.Name) {
			continue
		}
		if err := effect.Do(ctx, tx, payment); err != nil {
			return fmt.Errorf("effect %s: %w", effect.Name, err)
		}
	}
	return nil
}

// claimEffects writes down that the effects happen, and returns those that had
// not: in one statement, because others wait for the rows that are locked by now.
func (p *Payments) claimEffects(ctx context.Context, tx *db.Tx, payment Payment) (fresh []string, err error) {
	if len(p.Effects) == 0 {
		return nil, nil
	}
	arguments := []any{payment.ID, payment.BusinessID, db.At(tx.Now())}
	rows := make([]string, len(p.Effects))
	for i, effect := range p.Effects {
		arguments = append(arguments, effect.Name)
		rows[i] = fmt.Sprintf("($1, $%d, $2, $3)", len(arguments))
	}
	err = tx.Select(ctx, &fresh, `INSERT INTO payment_effects (payment_id, effect, business_id, at) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT DO NOTHING RETURNING effect`, arguments...)
	return fresh, err
}
