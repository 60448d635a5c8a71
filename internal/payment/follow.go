package payment

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// follow goes after money that was taken: it asks the provider for the refunds
// that are owed, and takes in what else happened to the money there.
func (p *Payments) follow(ctx context.Context, provider Provider, a Attempt, t trigger) error {
	ledger, can := provider.(Ledger)
	if !can {
		return errors.Join(p.askRefunds(ctx, provider, a, t), p.processed(ctx, a, t))
	}
	moved, err := ledger.Movements(ctx, accountOf(a), a.ProviderRef)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "The payment provider does not answer. We keep checking.")
	}
	if err := p.applyMovements(ctx, a, moved, t); err != nil {
		return err
	}
	return p.askRefunds(ctx, provider, a, trigger{cause: t.cause}) // what is not refunded yet
}

// askRefunds asks for what is owed and not confirmed yet, each with its key, so
// that trying again refunds once.
func (p *Payments) askRefunds(ctx context.Context, provider Provider, a Attempt, t trigger) error {
	rows, err := refundsOf(ctx, p.DB, a)
	if err != nil {
		return err
	}
	var all error
	for _, r := range rows {
		if r.State != RefundAsked {
			continue
		}
		all = errors.Join(all, p.askRefund(ctx, provider, a, r, t))
	}
	return all
}

func (p *Payments) askRefund(ctx context.Context, provider Provider, a Attempt, r refundRow, t trigger) error {
	refunder, can := provider.(Refunder)
	if !can {
		return p.refundWaits(ctx, a, r, t, errors.New("the provider can't refund by itself"))
	}
	told, err := refunder.Refund(ctx, accountOf(a), a.ProviderRef, r.order(a))
	switch {
	case errors.Is(err, ErrRefused) && r.Origin == ByMerchant:
		told = RemoteRefund{State: RefundRejected, Problem: err.Error()}
	case errors.Is(err, ErrRefused):
		return p.requestRemainder(ctx, a, r, t, err)
	case err != nil:
		return p.refundWaits(ctx, a, r, t, err)
	}
	told.Key, told.Amount = r.Key, r.amount()
	return p.applyMovements(ctx, a, Movements{Refunds: []RemoteRefund{told}}, trigger{cause: t.cause})
}

// refundWaits says of a refund why it is not confirmed; the poller asks again.
// For money that must go back by itself that is an alert, once.
func (p *Payments) refundWaits(ctx context.Context, a Attempt, r refundRow, t trigger, why error) error {
	p.Log.ErrorContext(ctx, "a refund is not confirmed", "payment", a.ID, "refund", r.ID, "error", why)
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := locked(ctx, tx, a.BusinessID, a.ID)
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
func (p *Payments) stuck(ctx context.Context, tx *db.Tx, a Attempt, r refundRow, t trigger) error {
	if err := addToTimeline(ctx, tx, a, Paid, t.cause, string(RefundFailed)); err != nil {
		return err
	}
	if err := deriveStatus(ctx, tx, a); err != nil {
		return err
	}
	return p.react(ctx, tx, a, Movement{Kind: RefundStuck, ID: string(r.ID), Amount: r.amount(), Reason: r.Problem, ByUs: true})
}

// react runs the reactions to a movement, in the transaction that records it.
func (p *Payments) react(ctx context.Context, tx *db.Tx, a Attempt, m Movement) error {
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
