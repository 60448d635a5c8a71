package payment

import (
	"context"
	"fmt"

	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// settle records money that the provider captured: as a payment when a slot is
// there, as overflow when none is. Receipt and effects are written by this
// transaction or not at all.
func (p *Payments) settle(ctx context.Context, tx *db.Tx, a *Attempt, remote Remote, cause Cause) error {
	status, err := p.takeSlot(ctx, tx, *a)
	if err != nil {
		return err
	}
	paidAt := remote.PaidAt
	if paidAt.IsZero() {
		paidAt = tx.Now()
	}
	payment := Payment{Attempt: *a, Status: status, Captured: remote.Amount, Method: remote.Method, PaidAt: paidAt}
	payment.ProviderRef = remote.Ref
	if status != Overflow {
		if payment.Receipt, err = p.receipt(ctx, tx, payment); err != nil {
			return err
		}
	}
	recorded, err := record(ctx, tx, payment)
	if err != nil {
		return err
	}
	if !recorded {
		return p.review(ctx, tx, a, cause, "the provider's payment is recorded for another attempt")
	}
	a.State, a.HoldsSlot = Paid, false
	look := db.Time{}
	if status == Overflow {
		look = db.At(tx.Now())
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = 'paid', holds_slot = FALSE, reason = '', sync_at = $3, sync_tries = 0
		WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, look); err != nil {
		return err
	}
	if err := note(ctx, tx, *a, Paid, cause, string(status)); err != nil {
		return err
	}
	tx.Notify("activity", payment.Target())
	if status == Overflow {
		return nil
	}
	return p.cause(ctx, tx, payment)
}

// takeSlot turns the attempt's hold into a payment. Without a hold a slot is
// taken anew, and without a free one the money is overflow.
func (p *Payments) takeSlot(ctx context.Context, tx *db.Tx, a Attempt) (AcceptedStatus, error) {
	late := Accepted
	if !a.State.live() {
		late = AcceptedLate
	}
	switch {
	case a.LinkID == "":
		return late, nil
	case a.HoldsSlot:
		return Accepted, p.Links.Consume(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
	}
	free, err := p.Links.ConsumeFresh(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
	if err != nil || free {
		return AcceptedLate, err
	}
	return Overflow, nil
}

// record inserts the payment; false when the provider's payment is there
// already.
func record(ctx context.Context, tx *db.Tx, p Payment) (bool, error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO payments (id, business_id, link_id, mode, provider, provider_ref, status, currency, captured_minor, method, receipt, paid_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		p.ID, p.BusinessID, orNull(p.LinkID), p.Mode, p.Provider, p.ProviderRef, p.Status, p.Captured.Currency, p.Captured.Minor,
		p.Method, orNull(p.Receipt), db.At(p.PaidAt))
	return n == 1, err
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
	if payment.Mode == "test" {
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

// refundOverflow gives money back that came when no slot was left. The
// payment's id is the key, so trying again refunds once.
func (p *Payments) refundOverflow(ctx context.Context, provider Provider, a Attempt) error {
	var owed struct {
		CapturedMinor int64
		Currency      money.Currency
		ProviderRef   string
	}
	err := p.DB.Get(ctx, &owed, `SELECT captured_minor, currency, provider_ref FROM payments
		WHERE business_id = $1 AND id = $2 AND status = 'overflow' AND refunded_minor < captured_minor`, a.BusinessID, a.ID)
	if err != nil {
		return ignoreNone(err)
	}
	refunder, can := provider.(Refunder)
	if !can {
		return p.refundLater(ctx, a, "the provider can't refund by itself")
	}
	amount := money.Amount{Minor: owed.CapturedMinor, Currency: owed.Currency}
	if err := refunder.Refund(ctx, a.BusinessID, owed.ProviderRef, string(a.ID), amount); err != nil {
		return p.refundLater(ctx, a, err.Error())
	}
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE payments SET refunded_minor = captured_minor
			WHERE business_id = $1 AND id = $2 AND status = 'overflow' AND refunded_minor < captured_minor`, a.BusinessID, a.ID)
		if err != nil || n == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE attempts SET sync_at = NULL WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID); err != nil {
			return err
		}
		return note(ctx, tx, a, Paid, CausePoller, "overflow refunded")
	})
}

// refundLater notes a refund that failed; the poller tries again.
func (p *Payments) refundLater(ctx context.Context, a Attempt, why string) error {
	p.Log.ErrorContext(ctx, "an overflow could not be refunded", "payment", a.ID, "why", why)
	return p.DB.InTx(ctx, func(tx *db.Tx) error { return p.lookLater(ctx, tx, a) })
}
