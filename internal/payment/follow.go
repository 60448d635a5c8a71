package payment

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// follow goes after money that was taken: it asks the provider for the refunds
// that are owed, and takes in what else happened to the money there.
func (p *Payments) follow(ctx context.Context, psp provider.Provider, a attempt.Attempt, t trigger) error {
	ledger, can := psp.(provider.Ledger)
	if !can {
		return errors.Join(p.askRefunds(ctx, psp, a, t), p.processed(ctx, a, t))
	}
	moved, err := ledger.Movements(ctx, provider.AccountOf(a), a.ProviderRef)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "The payment provider does not answer. We keep checking.")
	}
	if err := p.applyMovements(ctx, a, moved, t); err != nil {
		return err
	}
	return p.askRefunds(ctx, psp, a, trigger{cause: t.cause}) // what is not refunded yet
}

// askRefunds asks for what is owed and not confirmed yet, each with its key, so
// that trying again refunds once.
func (p *Payments) askRefunds(ctx context.Context, psp provider.Provider, a attempt.Attempt, t trigger) error {
	rows, err := refundsOf(ctx, p.DB, a)
	if err != nil {
		return err
	}
	var all error
	for _, r := range rows {
		if r.State != provider.RefundAsked {
			continue
		}
		all = errors.Join(all, p.askRefund(ctx, psp, a, r, t))
	}
	return all
}

func (p *Payments) askRefund(ctx context.Context, psp provider.Provider, a attempt.Attempt, r refundRow, t trigger) error {
	refunder, can := psp.(provider.Refunder)
	if !can {
		return p.refundWaits(ctx, a, r, t, errors.New("the provider can't refund by itself"))
	}
	told, err := refunder.Refund(ctx, provider.AccountOf(a), a.ProviderRef, r.order(a))
	switch {
	case errors.Is(err, provider.ErrRefused) && r.Origin == ByMerchant:
		told = provider.RemoteRefund{State: provider.RefundRejected, Problem: err.Error()}
	case errors.Is(err, provider.ErrRefused):
		return p.requestRemainder(ctx, a, r, t, err)
	case err != nil:
		return p.refundWaits(ctx, a, r, t, err)
	}
	told.Key, told.Amount = r.Key, r.amount()
	return p.applyMovements(ctx, a, provider.Movements{Refunds: []provider.RemoteRefund{told}}, trigger{cause: t.cause})
}

// refundWaits says of a refund why it is not confirmed; the poller asks again.
// For money that must go back by itself that is an alert, once.
func (p *Payments) refundWaits(ctx context.Context, a attempt.Attempt, r refundRow, t trigger, why error) error {
	p.Log.ErrorContext(ctx, "a refund is not confirmed", "payment", a.ID, "refund", r.ID, "error", why)
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := attempt.Lock(ctx, tx, a.BusinessID, a.ID)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE refunds SET problem = $3, updated_at = $4 WHERE business_id = $1 AND id = $2 AND state = 'asked' AND problem <> $3`,
			a.BusinessID, r.ID, why.Error(), db.At(tx.Now()))
		if err != nil {
			return err
		}
		if n == 1 && r.Problem == "" && r.Origin == ByOverflow {
			if err := p.stuck(ctx, tx, now, r, t); err != nil {
				return err
			}
		}
		return postponePoll(ctx, tx, now)
	})
}

// stuck alerts the merchant of a refund that did not go through.
func (p *Payments) stuck(ctx context.Context, tx *db.Tx, a attempt.Attempt, r refundRow, t trigger) error {
	if err := attempt.AddToTimeline(ctx, tx, a, attempt.Paid, t.cause, string(attempt.RefundFailed)); err != nil {
		return err
	}
	if err := deriveStatus(ctx, tx, a); err != nil {
		return err
	}
	return p.react(ctx, tx, a, Movement{Kind: RefundStuck, ID: string(r.ID), Amount: r.amount(), Reason: r.Problem, ByUs: true})
}

// react runs the reactions to a movement, in the transaction that records it.
func (p *Payments) react(ctx context.Context, tx *db.Tx, a attempt.Attempt, m Movement) error {
	now, err := paidOf(ctx, tx, a)
	if err != nil {
		return err
	}
	m.Payment, m.At = now.Payment, tx.Now()
	for _, reaction := range p.Reactions {
		if err := reaction.Do(ctx, tx, m); err != nil {
			return fmt.Errorf("reaction %s: %w", reaction.Name, err)
		}
	}
	tx.Notify("activity", m.Target())
	return nil
}
