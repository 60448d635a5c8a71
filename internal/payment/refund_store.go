package payment

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// paid is a payment with what was done with its money.
type paid struct {
	Payment
	ReservedMinor, RefundedMinor, LostMinor int64
	SlotReturned                            bool
	UnitsReturned                           int64
}

// left is what may still be given back.
func (p paid) left() money.Amount {
	return money.Amount{Minor: max(p.Captured.Minor-p.RefundedMinor-p.ReservedMinor-p.LostMinor, 0), Currency: p.Captured.Currency}
}

// paidOf reads the payment of a locked attempt. Conflict: it was not paid.
func paidOf(ctx context.Context, tx *db.Tx, a attempt.Attempt) (p paid, err error) {
	var r struct {
		ProviderRef   string
		Status        attempt.MoneyStatus
		Currency      money.Currency
		CapturedMinor int64
		RefundedMinor int64
		ReservedMinor int64
		LostMinor     int64
		SlotReturned  bool
		UnitsReturned int64
		Method        string
		Receipt       *string
		PaidAt        db.Time
		CustomerID    *customer.ID
	}
	err = tx.Get(ctx, &r, `SELECT provider_ref, status, currency, captured_minor, refunded_minor, reserved_minor, lost_minor, slot_returned, units_returned, method, receipt, paid_at, customer_id
		FROM payments WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID)
	if errors.Is(err, db.ErrNoRows) {
		return p, fault.New(fault.Conflict, "This was not paid, so there is nothing to give back.")
	}
	in := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: r.Currency} }
	p = paid{
		Payment: Payment{
			Attempt: a, Status: r.Status, Captured: in(r.CapturedMinor), Refunded: in(r.RefundedMinor), Lost: in(r.LostMinor),
			Method: r.Method, PaidAt: r.PaidAt.Time,
		},
		ReservedMinor: r.ReservedMinor, RefundedMinor: r.RefundedMinor, LostMinor: r.LostMinor, SlotReturned: r.SlotReturned, UnitsReturned: r.UnitsReturned,
	}
	if r.Receipt != nil {
		p.Receipt = *r.Receipt
	}
	if r.CustomerID != nil {
		p.CustomerID = *r.CustomerID
	}
	return p, err
}

// refundRow is a refund as it is stored.
type refundRow struct {
	ID          RefundID
	PaymentID   attempt.ID
	Key         string
	ProviderRef *string
	AmountMinor int64
	Currency    money.Currency
	Receipt     *string // of the payment
	Origin      RefundOrigin
	State       provider.RefundState
	Reason      string
	Problem     string
	ReturnSlot  bool
	ReturnUnits int64
	Part        checkout.Kind
	AskedBy     string
	CreatedAt   db.Time
	UpdatedAt   db.Time
	DoneAt      db.Time
	CreditNote  *string // "" where the payment has no receipt
	GoodsMinor  int64
	FeeMinor    int64
	TipMinor    int64
}

const refundQuery = `SELECT r.id, r.payment_id, r.key, r.provider_ref, r.amount_minor, p.currency, p.receipt, r.origin, r.state, r.reason, r.problem, r.return_slot, r.return_units, r.part,
	r.asked_by, r.created_at, r.updated_at, r.done_at, r.credit_note, r.goods_minor, r.fee_minor, r.tip_minor FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.business_id = $1`

func (r refundRow) refund() Refund {
	made := Refund{
		ID: r.ID, PaymentID: r.PaymentID, Amount: r.amount(), Origin: r.Origin, State: r.State, Reason: r.Reason, Problem: r.Problem,
		ReturnSlot: r.ReturnSlot, ReturnUnits: r.ReturnUnits, Part: r.Part, AskedBy: r.AskedBy, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time, DoneAt: r.DoneAt.Time,
	}
	if r.CreditNote != nil {
		made.CreditNote = *r.CreditNote
	}
	return made
}

func (r refundRow) amount() money.Amount {
	return money.Amount{Minor: r.AmountMinor, Currency: r.Currency}
}

// maxDescription bounds a refund's description in bytes: what Mollie takes ("Create
// payment refund").
const maxDescription = 255

// order is what the provider is asked for. It calls the refund by the receipt's
// number, which the payer has; money without a receipt by what was paid for.
func (r refundRow) order(a attempt.Attempt) provider.RefundOrder {
	o := provider.RefundOrder{Key: r.Key, Amount: r.amount(), Description: cut(a.Title, maxDescription)}
	if r.Receipt != nil {
		o.Description = *r.Receipt
	}
	return o
}

// is reports whether the provider's refund is this one.
func (r refundRow) is(told provider.RemoteRefund) bool {
	return told.Key != "" && told.Key == r.Key || told.Ref != "" && r.ProviderRef != nil && *r.ProviderRef == told.Ref
}

func refundsOf(ctx context.Context, from db.Reader, a attempt.Attempt) (rows []refundRow, err error) {
	err = from.Select(ctx, &rows, refundQuery+` AND r.payment_id = $2 ORDER BY r.id`, a.BusinessID, a.ID)
	return rows, err
}

func (p *Payments) refund(ctx context.Context, businessID business.ID, id RefundID) (Refund, error) {
	var r refundRow
	err := p.DB.Get(ctx, &r, refundQuery+` AND r.id = $2`, businessID, id)
	return r.refund(), err
}

// Refunds are those of a payment, the oldest first.
func (p *Payments) Refunds(ctx context.Context, businessID business.ID, id attempt.ID) ([]Refund, error) {
	return refunds(ctx, p.DB, businessID, id)
}

// RefundsTx is Refunds inside a transaction of the caller's.
func (p *Payments) RefundsTx(ctx context.Context, tx *db.Tx, businessID business.ID, id attempt.ID) ([]Refund, error) {
	return refunds(ctx, tx, businessID, id)
}

func refunds(ctx context.Context, from db.Reader, businessID business.ID, id attempt.ID) (refunds []Refund, err error) {
	rows, err := refundsOf(ctx, from, attempt.Attempt{BusinessID: businessID, ID: id})
	for _, r := range rows {
		refunds = append(refunds, r.refund())
	}
	return refunds, err
}

// partsLeft is what of each part of a payment was not given back and is not on its way:
// refunds take of their part, and without one of the goods first, then of the fee, then of
// the tip.
func partsLeft(p checkout.Parts, refunds []refundRow) map[checkout.Kind]int64 {
	left := map[checkout.Kind]int64{checkout.GoodsLine: p.Goods(), checkout.FeeLine: p.Fee, checkout.TipLine: p.Tip}
	for _, r := range refunds {
		if r.State != provider.RefundRejected {
			r.takeOf(left)
		}
	}
	return left
}

// takeOf takes a refund of what is left of the parts, and tells what it took of each.
func (r refundRow) takeOf(left map[checkout.Kind]int64) map[checkout.Kind]int64 {
	order := []checkout.Kind{checkout.GoodsLine, checkout.FeeLine, checkout.TipLine}
	if r.Part != "" {
		order = append([]checkout.Kind{r.Part}, order...)
	}
	taken, rest := map[checkout.Kind]int64{}, r.AmountMinor
	for _, kind := range order {
		part := min(left[kind], rest)
		left[kind] -= part
		taken[kind] += part
		rest -= part
	}
	return taken
}

// Repair brings what is kept beside payments to what their refunds and disputes say.
func Repair(ctx context.Context, tx *db.Tx) error {
	if err := tx.LockTables(ctx, "payments"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE payments SET
		reserved_minor = (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = payments.id AND r.state IN ('asked', 'pending')),
		lost_minor = (SELECT COALESCE(SUM(d.amount_minor), 0) FROM disputes d WHERE d.payment_id = payments.id AND d.state = 'lost')`)
	return err
}
