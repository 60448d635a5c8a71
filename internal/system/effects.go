package system

import (
	"context"
	"fmt"
	"slices"

	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/webhook"
)

// What payments cause in features that know them, or that are wired behind them. Each
// effect first asks whom it concerns: most payments cause nothing of it.

// tagCustomers does what the links of payments do with their customers' tags.
func (r *System) tagCustomers(ctx context.Context, tx *db.Tx, s payment.Settlement) error {
	for _, p := range s.Payments {
		at := slices.IndexFunc(s.Links, func(after link.PaidLink) bool { return after.ID == p.LinkID })
		if at < 0 || p.CustomerID == "" {
			continue
		}
		if err := s.Links[at].Tag(ctx, tx, r.Customers, p.BusinessID, p.CustomerID); err != nil {
			return err
		}
	}
	return nil
}

// each does something for each payment.
func each(do func(context.Context, *db.Tx, payment.Payment) error) payment.Do {
	return func(ctx context.Context, tx *db.Tx, s payment.Settlement) error {
		for _, p := range s.Payments {
			if err := do(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	}
}

// notifyPaid tells that payments succeeded, and of each link that has all its payments
// now, with the last.
func (r *System) notifyPaid(_ *db.Tx, of []attempt.Attempt) ([]*db.Statement, payment.Do) {
	var listens bool
	var ask []*db.Statement
	if !r.Webhooks.Quiet(of[0].BusinessID) {
		ask = append(ask, r.Webhooks.HasEndpoints(&listens, of[0].BusinessID))
	}
	return ask, func(_ context.Context, tx *db.Tx, s payment.Settlement) error {
		if !listens {
			return nil
		}
		for _, p := range s.Payments {
			r.notifyPayment(tx, webhook.PaymentSucceeded, p.Attempt, "paid/"+string(p.ID))
			if p.Provider == payment.Manual {
				r.notifyPayment(tx, webhook.PaymentRecorded, p.Attempt, "recorded/"+string(p.ID))
			}
			if p.Last() {
				r.notifyLimit(tx, p, webhook.LinkLimitReached, "full/"+string(p.ID))
			}
			if p.AlmostFull() {
				r.notifyLimit(tx, p, webhook.LinkAlmostFull, fmt.Sprintf("almost/%s/%s/%d", p.LinkID, p.Mode, *p.Slots.Capacity))
			}
		}
		return nil
	}
}

// notifyLimit tells how near a link is to its limit behind a payment.
func (r *System) notifyLimit(tx *db.Tx, p payment.Payment, what webhook.Type, key string) {
	r.Webhooks.Emit(tx, webhook.EventInput{
		BusinessID: p.BusinessID, Mode: p.Mode, Object: string(p.LinkID), Type: what, Key: key,
		Data: func(ctx context.Context, tx *db.Tx) (any, error) {
			b, err := r.Businesses.ByIDTx(ctx, tx, p.BusinessID)
			if err != nil {
				return nil, err
			}
			b.Mode = p.Mode // its slots and figures are those of the payment's mode
			return r.Objects.Link(ctx, tx, b, p.LinkID)
		},
	})
}
