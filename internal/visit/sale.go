package visit

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/payment"
)

// CountPayment adds an accepted payment to the figures of what it paid for. It
// is an effect of the payment, so it happens once, with it.
func CountPayment(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	t := target{p.Target(), string(p.Mode), string(p.BusinessID)}
	one := Counts{Payments: 1, Revenue: p.Captured.Minor}
	if err := addTotal(ctx, tx, t, one); err != nil {
		return err
	}
	return addCell(ctx, tx, cell{t, bucketOf(p.PaidAt), p.Channel}, one)
}

// CountMovement adds what happened to a payment's money afterwards: in the totals
// of what it paid for, and at the time when it happened. Money that never
// counted, because no place was left, counts nowhere.
func CountMovement(ctx context.Context, tx *db.Tx, m payment.Movement) error {
	var c Counts
	switch {
	case m.Receipt == "":
		return nil
	case m.Kind == payment.MoneyRefunded:
		c.Refunded = m.Amount.Minor
	case m.Kind == payment.DisputeTaken:
		c.Lost = m.Amount.Minor
	case m.Kind == payment.DisputeReversed:
		c.Lost = -m.Amount.Minor
	default:
		return nil
	}
	t := target{m.Target(), string(m.Mode), string(m.BusinessID)}
	if err := addTotal(ctx, tx, t, c); err != nil {
		return err
	}
	return addCell(ctx, tx, cell{t, bucketOf(m.At), m.Channel}, c)
}

// Import stores views that were recorded elsewhere, at their own times, with
// what they count.
func (r *Recorder) Import(ctx context.Context, views []View) error {
	for i := range views {
		views[i].ID = IDAt(views[i].At) + int64(i)<<nodeBits + r.number.node
	}
	for start := 0; start < len(views); start += maxStored {
		if err := store(ctx, r.d, views[start:min(start+maxStored, len(views))]); err != nil {
			return err
		}
	}
	return nil
}
