package visit

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
)

// CountAttempts adds tries to pay to the figures of what they try to pay for, in
// the transaction that starts them.
func CountAttempts(tx *db.Tx, zone *time.Location, all ...attempt.Attempt) {
	t := newTally()
	for _, a := range all {
		t.sale(a, a.CreatedAt, zone, Counts{Attempts: 1})
	}
	tx.BeforeCommit(func(ctx context.Context) error { return t.add(ctx, tx) })
}

// CountPayments adds accepted payments to the figures of what they paid for. It is an
// effect of the payments, so it happens once, with them.
func CountPayments(_ context.Context, tx *db.Tx, s payment.Settlement) error {
	t := newTally()
	for _, p := range s.Payments {
		c := Counts{Payments: 1, Revenue: p.Captured.Minor}
		if p.Channel == payment.ByHand {
			c.ByHand, c.HandRevenue = c.Payments, c.Revenue
		}
		t.sale(p.Attempt, p.PaidAt, s.Zone, c)
	}
	tx.BeforeCommit(func(ctx context.Context) error { return t.add(ctx, tx) })
	return nil
}

// CountPastPayment adds a past payment that was imported, as by hand: no visit led to it.
func CountPastPayment(ctx context.Context, tx *db.Tx, p payment.PastPayment) error {
	return countSale(ctx, tx, p.Attempt(), p.PaidAt, Counts{Payments: 1, Revenue: p.Amount.Minor, ByHand: 1, HandRevenue: p.Amount.Minor})
}

// CountMovement adds what happened to a payment's money afterwards: in the totals
// of what it paid for, and at the time when it happened. Money that never
// counted, because no slot was left, counts nowhere.
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
	return countSale(ctx, tx, m.Attempt, m.At, c)
}

// countSale is countIn in the time zone of the attempt's business.
func countSale(ctx context.Context, tx *db.Tx, a attempt.Attempt, at time.Time, c Counts) error {
	zone, err := business.Zone(ctx, tx, a.BusinessID)
	if err == nil {
		countIn(tx, a, at, zone, c)
	}
	return err
}

// countIn adds to the figures of the attempt's target, split as the attempt
// came: at the end of the transaction, because all who pay for the target or look
// at it write to the same rows.
func countIn(tx *db.Tx, a attempt.Attempt, at time.Time, zone *time.Location, c Counts) {
	t := newTally()
	t.sale(a, at, zone, c)
	tx.BeforeCommit(func(ctx context.Context) error { return t.add(ctx, tx) })
}

// sale adds to the figures of an attempt's target, and of its business.
func (t tally) sale(a attempt.Attempt, at time.Time, zone *time.Location, c Counts) {
	where := rollupKey{target{a.Target(), string(a.Mode), string(a.BusinessID)}, bucketOf(at), a.Channel}
	t.record(where, c)
	day := DayOf(at.In(zone))
	t.split(where.target, day, traitsOf(a), c, nil)
	if c.Attempts == 0 { // tries are no figure of a whole business
		t.addToBusiness(businessDay{where.businessID, where.mode, day, string(a.Amount.Currency)}, c)
	}
}
