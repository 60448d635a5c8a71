package payment

import (
	"context"
	"slices"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/poll"
	"smartlinks/internal/payment/provider"
)

// applyMovements books the refunds and disputes that the provider reports, only ever
// forward, in one transaction with all that follows from them. What is known already
// changes nothing.
func (p *Payments) applyMovements(ctx context.Context, a attempt.Attempt, moved provider.Movements, t trigger) error {
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := attempt.Lock(ctx, tx, a.BusinessID, a.ID)
		if err != nil {
			return err
		}
		for _, reported := range moved.Refunds {
			if err := p.applyRefund(ctx, tx, now, reported, t); err != nil {
				return err
			}
		}
		for _, reported := range moved.Disputes {
			if err := p.applyDispute(ctx, tx, now, reported, t); err != nil {
				return err
			}
		}
		if err := cancelNeedlessRefunds(ctx, tx, now); err != nil {
			return err
		}
		if err := deriveStatus(ctx, tx, now); err != nil {
			return err
		}
		if err := scheduleNextPoll(ctx, tx, now, t); err != nil {
			return err
		}
		return inboxDone(ctx, tx, now.BusinessID, now.State, t)
	})
}

// applyRefund books one refund that the provider reports.
func (p *Payments) applyRefund(ctx context.Context, tx *db.Tx, a attempt.Attempt, reported provider.RemoteRefund, t trigger) error {
	rows, err := refundsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(rows, func(r refundRow) bool { return r.is(reported) })
	if at < 0 {
		if reported.State == provider.RefundRejected || reported.Amount.Currency != a.Amount.Currency || reported.Amount.Minor <= 0 {
			return nil // nothing moved that we know of
		}
		found := Refund{Amount: reported.Amount, Origin: AtProvider, State: provider.RefundAsked}
		id, err := addRefund(ctx, tx, paid{Payment: Payment{Attempt: a}}, found, reported.Ref, reported.Ref)
		if err != nil {
			return err
		}
		rows = append(rows, refundRow{ID: id, AmountMinor: reported.Amount.Minor, Currency: reported.Amount.Currency, Origin: AtProvider, State: provider.RefundAsked, Key: reported.Ref})
		at = len(rows) - 1
	}
	return p.moveRefund(ctx, tx, a, rows[at], reported, t)
}

// moveRefund brings a refund to the state that the provider reports.
func (p *Payments) moveRefund(ctx context.Context, tx *db.Tx, a attempt.Attempt, r refundRow, reported provider.RemoteRefund, t trigger) error {
	if !r.State.Later(reported.State) {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE refunds SET state = $3, problem = $4, provider_ref = COALESCE(provider_ref, CAST($5 AS text)), updated_at = $6
		WHERE business_id = $1 AND id = $2`,
		a.BusinessID, r.ID, reported.State, reported.Problem, db.OrNull(reported.Ref), db.At(tx.Now())); err != nil {
		return err
	}
	switch reported.State {
	case provider.RefundUnderway:
		return nil
	case provider.RefundRejected:
		if r.State != provider.RefundDone { // else what was given back stays counted: the refund is still to be made
			if err := release(ctx, tx, a, r.AmountMinor); err != nil {
				return err
			}
		}
		r.Problem = reported.Problem
		return p.stuck(ctx, tx, a, r, t)
	}
	return p.refundDone(ctx, tx, a, r, t)
}

func release(ctx context.Context, tx *db.Tx, a attempt.Attempt, minor int64) error {
	_, err := tx.Exec(ctx, `UPDATE payments SET reserved_minor = reserved_minor - $3 WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, minor)
	return err
}

// refundDone counts money that was given back. Never more than was taken: what
// a provider reports beyond that is a failed refund in the attention queue.
func (p *Payments) refundDone(ctx context.Context, tx *db.Tx, a attempt.Attempt, r refundRow, t trigger) error {
	if err := release(ctx, tx, a, r.AmountMinor); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE payments SET refunded_minor = refunded_minor + $3 WHERE business_id = $1 AND id = $2 AND refunded_minor + $3 <= captured_minor`,
		a.BusinessID, a.ID, r.AmountMinor)
	if err != nil {
		return err
	}
	if n == 0 {
		r.Problem = "the provider tells of more refunds than money"
		if _, err := tx.Exec(ctx, `UPDATE refunds SET state = 'failed', problem = $3 WHERE business_id = $1 AND id = $2`, a.BusinessID, r.ID, r.Problem); err != nil {
			return err
		}
		return p.stuck(ctx, tx, a, r, t)
	}
	now, err := paidOf(ctx, tx, a)
	if err != nil {
		return err
	}
	returned, err := p.returnSlots(ctx, tx, now, r)
	if err != nil {
		return err
	}
	number, err := issueCreditNote(ctx, tx, now, r)
	if err != nil {
		return err
	}
	detail := attempt.PartiallyRefunded
	if now.RefundedMinor == now.Captured.Minor {
		detail = attempt.Refunded
	}
	if err := attempt.AddToTimeline(ctx, tx, a, attempt.Paid, t.cause, string(detail)); err != nil {
		return err
	}
	return p.react(ctx, tx, a, Movement{Kind: MoneyRefunded, ID: string(r.ID), Amount: r.amount(), Reason: r.Reason, ByUs: r.Origin != AtProvider, ReturnsTheSlot: returned, CreditNote: number})
}

// returnSlots frees the slot of this payment, or some of its units, for somebody else,
// and reports whether all of it is free now.
func (p *Payments) returnSlots(ctx context.Context, tx *db.Tx, of paid, r refundRow) (whole bool, err error) {
	left := of.Quantity - of.UnitsReturned
	units := min(r.ReturnUnits, left)
	if r.ReturnSlot {
		units = left
	}
	if whole = units == left; units <= 0 || of.Receipt == "" {
		return false, nil
	}
	n, err := tx.Exec(ctx, `UPDATE payments SET units_returned = units_returned + $3, slot_returned = $4 WHERE business_id = $1 AND id = $2 AND units_returned = $5`,
		of.BusinessID, of.ID, units, whole, of.UnitsReturned)
	if err != nil || n == 0 {
		return false, err
	}
	return whole, p.Links.ReturnSlots(ctx, tx, of.BusinessID, of.LinkID, of.Mode, units, whole)
}

// cancelNeedlessRefunds takes back what we had wanted to refund when all of it was given
// back another way, as by the merchant at the provider.
func cancelNeedlessRefunds(ctx context.Context, tx *db.Tx, a attempt.Attempt) error {
	n, err := tx.Exec(ctx, `UPDATE refunds SET state = 'failed', problem = 'it was given back already', looked_at = $3, updated_at = $3
		WHERE business_id = $1 AND payment_id = $2 AND state = 'asked'
			AND EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id AND p.refunded_minor = p.captured_minor)`,
		a.BusinessID, a.ID, db.At(tx.Now()))
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE payments SET reserved_minor = (SELECT COALESCE(SUM(amount_minor), 0) FROM refunds r
			WHERE r.payment_id = payments.id AND r.state IN ('asked', 'pending')) WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID)
	return err
}

// deriveStatus derives a payment's status from what was done with its money. A
// refund that did not go through stays on top until it was looked at.
func deriveStatus(ctx context.Context, tx *db.Tx, a attempt.Attempt) error {
	_, err := tx.Exec(ctx, `
		UPDATE payments SET status = CASE
			WHEN EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = payments.id AND
				(r.state = 'failed' AND r.looked_at IS NULL OR r.state = 'asked' AND r.origin = 'overflow' AND r.problem <> '')) THEN 'refund_failed'
			WHEN refunded_minor > 0 AND refunded_minor = captured_minor THEN 'refunded'
			WHEN captured_minor = 0 AND EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = payments.id AND r.state = 'done') THEN 'refunded'
			WHEN reserved_minor > 0 THEN 'refund_pending'
			WHEN refunded_minor > 0 THEN 'partially_refunded'
			WHEN receipt IS NULL THEN 'overflow'
			WHEN late THEN 'accepted_late' ELSE 'accepted' END
		WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID)
	return err
}

// scheduleNextPoll sets when paid money is polled next: soon while a
// refund is on its way, else a few times within months.
func scheduleNextPoll(ctx context.Context, tx *db.Tx, a attempt.Attempt, t trigger) error {
	var under struct{ Asked, Pending int64 }
	if err := tx.Get(ctx, &under, `SELECT COUNT(CASE WHEN state = 'asked' THEN 1 END) AS asked, COUNT(CASE WHEN state = 'pending' THEN 1 END) AS pending
		FROM refunds WHERE business_id = $1 AND payment_id = $2`, a.BusinessID, a.ID); err != nil {
		return err
	}
	switch {
	case under.Asked+under.Pending > 0:
		return postponePoll(ctx, tx, a)
	case t.cause == attempt.CausePoller:
		next := poll.AfterPaid(tx.Now(), a.Tries+1)
		a.Tries++
		return schedulePoll(ctx, tx, a, next)
	}
	a.Tries = 0
	return schedulePoll(ctx, tx, a, poll.AfterPaid(tx.Now(), 0))
}

// What members hear of beside what a movement is: money that came when no place was left, and
// went back by itself or is theirs to send back.
const (
	WentBack MovementKind = "overflow"
	SendBack MovementKind = "send_back"
)

// Attention is what members hear of money that moved, "" where nothing needs them. Nobody
// but the merchant can send a bank transfer back, and who did knows that it went back.
func (m Movement) Attention() MovementKind {
	over := m.Receipt == ""
	transferred := over && m.Provider == checkout.ByTransfer
	switch m.Kind {
	case MoneyRefunded:
		if over && !transferred {
			return WentBack
		}
	case RefundStuck:
		if transferred {
			return SendBack
		}
		return m.Kind
	case DisputeOpened:
		if !m.Decided {
			return m.Kind
		}
	case DisputeTaken:
		return m.Kind
	}
	return ""
}
