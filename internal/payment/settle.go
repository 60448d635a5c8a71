package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/poll"
	"smartlinks/internal/payment/provider"
)

// errRecorded undoes a settlement: what the provider names has been counted.
var errRecorded = errors.New("the provider's payment is recorded for another attempt")

// settle records money that the provider captured: as a payment when a slot is
// there, as overflow when none is. Receipt and effects are written by this
// transaction or not at all.
func (p *Payments) settle(ctx context.Context, tx *db.Tx, a *attempt.Attempt, remote provider.Remote, cause attempt.Cause) error {
	status, err := p.findRoom(ctx, tx, a)
	if err != nil {
		return err
	}
	held := *a
	a.State, a.Reason, a.HoldsSlot = attempt.Paid, "", false
	next := db.At(poll.AfterPaid(tx.Now(), 0))
	if status == attempt.Overflow { // it is to be refunded, whatever happens to this process
		next = db.At(tx.Now().Add(lease))
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = 'paid', holds_slot = FALSE, holds_code = FALSE, payer_key = '', reason = '', sync_at = $3, sync_tries = 0, updated_at = $4
		WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, next, db.At(tx.Now())); err != nil {
		return err
	}
	if err := attempt.AddToTimeline(ctx, tx, *a, attempt.Paid, cause, string(status)); err != nil {
		return err
	}
	if gaveUp(held, status) {
		if err := noteDouble(ctx, tx, held); err != nil {
			return err
		}
	}
	payment := newPayment(*a, status, remote, tx.Now())
	tx.Notify("activity", payment.Target())
	if a.Overflow = status == attempt.Overflow; a.Overflow {
		if err := record(ctx, tx, payment); err != nil {
			return err
		}
		return requestOverflowRefund(ctx, tx, payment)
	}
	facts := p.factsFor(tx, provider.AccountOf(*a), []attempt.Attempt{*a})
	p.matchPayers(facts, []attempt.Attempt{*a})
	if err := tx.Batch(ctx, facts.statements...); err != nil {
		return err
	}
	a.HoldsCode = false // payment has it still
	return p.accept(ctx, tx, facts, []Payment{payment}, held.HoldsSlot, record)
}

// newPayment is an attempt with the money that a provider captured for it.
func newPayment(a attempt.Attempt, status attempt.MoneyStatus, remote provider.Remote, now time.Time) Payment {
	nothing := money.Amount{Currency: remote.Amount.Currency}
	payment := Payment{Attempt: a, Status: status, Captured: remote.Amount, Refunded: nothing, Lost: nothing, Method: remote.Method, PaidAt: remote.PaidAt}
	payment.ProviderRef = remote.Ref
	if payment.PaidAt.IsZero() {
		payment.PaidAt = now
	}
	// What a person tells of may have come in a year whose series has ended.
	if payment.numberedAt = payment.PaidAt; remote.ByHand {
		payment.numberedAt = now
	}
	return payment
}

// findSlot says whether there is a slot for the money. A held one is there, and
// is turned into a payment by accept, late. Without a hold a slot is taken anew,
// and without a free one the money is overflow.
func (p *Payments) findSlot(ctx context.Context, tx *db.Tx, a attempt.Attempt) (attempt.MoneyStatus, error) {
	if a.LinkID == "" {
		if a.State.Live() {
			return attempt.Accepted, nil
		}
		return attempt.AcceptedLate, nil
	}
	if a.HoldsSlot {
		return attempt.Accepted, nil
	}
	// Its payer was told to be paid up by hand: what comes is too much, also where a slot
	// is free.
	if by, err := supersededBy(ctx, tx, a); err != nil || by != "" {
		return attempt.Overflow, err
	}
	free, err := p.consumeFresh(ctx, tx, a)
	if err != nil || free {
		return attempt.AcceptedLate, err
	}
	return attempt.Overflow, nil
}
