package payment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/text"
)

// RefundID names a refund: "rfd_…".
type RefundID string

// RefundOrigin says who began a refund.
type RefundOrigin string

// The origins.
const (
	ByMerchant RefundOrigin = "merchant"
	ByOverflow RefundOrigin = "overflow" // by itself: no slot was left
	AtProvider RefundOrigin = "provider" // by the merchant, at the provider
)

// Refund is money on its way back to a payer.
type Refund struct {
	ID        RefundID
	PaymentID attempt.ID
	Amount    money.Amount
	Origin    RefundOrigin
	State     provider.RefundState
	Reason    string // the merchant's
	Problem   string // why it waits or failed
	// ReturnSlot gives the slot on a limited link back, ReturnUnits so many of its
	// units.
	ReturnSlot  bool
	ReturnUnits int64
	Part        checkout.Kind // "" for none in particular
	AskedBy     string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	DoneAt      time.Time // when it went through; it stays when the payer's bank sends the money back
	CreditNote  string    // the number of its credit note, "" until it went through
}

// RefundRequest is what a merchant asks for.
type RefundRequest struct {
	// Amount is what to give back; nil is everything that is left.
	Amount *money.Amount
	Reason string // 200 characters at most, for the merchant alone
	// ReturnSlot gives the slot on a limited link back as well.
	ReturnSlot bool
	// ReturnUnits are how many of the payment's units make room on the link; all of
	// them are its slot.
	ReturnUnits int64
	// Part is which part of the payment goes back; "" is goods first, then fee, then tip.
	Part    checkout.Kind
	AskedBy string // shown in the timeline
}

// OtherCurrency is the code of a refund in another currency than the payment's.
const OtherCurrency = "refund.currency"

// maxReason bounds a refund's reason in characters.
const maxReason = 200

// Refund gives money back: all that is left, or a part; of a payment of nothing the place
// alone, once. What is asked for is
// reserved before the provider is asked, so that refunds asked for at once never
// pass what was taken. The refund returned may still be on its way, or have been
// rejected: its State tells. Errors: NotFound, Invalid with the fields "amount"
// and "reason", Conflict when there is nothing to refund.
func (p *Payments) Refund(ctx context.Context, businessID business.ID, id attempt.ID, r RefundRequest) (Refund, error) {
	a, err := attempt.Find(ctx, p.DB, businessID, id)
	if err != nil {
		return Refund{}, err
	}
	var made RefundID
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		made, err = p.reserve(ctx, tx, &a, r)
		return err
	})
	if err != nil {
		return Refund{}, err
	}
	if _, err := p.sync(ctx, a, trigger{cause: attempt.CauseMerchant}); err != nil {
		p.Log.WarnContext(ctx, "a refund waits for the provider", "refund", made, "error", err)
	}
	return p.refund(ctx, businessID, made)
}

// reserve writes what a merchant asks for.
func (p *Payments) reserve(ctx context.Context, tx *db.Tx, a *attempt.Attempt, r RefundRequest) (RefundID, error) {
	var err error
	if *a, err = attempt.Lock(ctx, tx, a.BusinessID, a.ID); err != nil {
		return "", err
	}
	paid, err := paidOf(ctx, tx, *a)
	if err != nil {
		return "", err
	}
	rows, err := refundsOf(ctx, tx, *a)
	if err != nil {
		return "", err
	}
	if err := r.clean(paid, rows); err != nil {
		return "", err
	}
	if err := p.takesRefunds(*a); err != nil {
		return "", err
	}
	id, err := addRefund(ctx, tx, paid, Refund{
		Amount: *r.Amount, Origin: ByMerchant, State: provider.RefundAsked, Reason: r.Reason, ReturnSlot: r.ReturnSlot && paid.LinkID != "", ReturnUnits: r.ReturnUnits, Part: r.Part, AskedBy: r.AskedBy,
	}, "", "")
	if err != nil {
		return "", err
	}
	a.Tries = 0
	if err := schedulePoll(ctx, tx, *a, tx.Now().Add(lease)); err != nil {
		return "", err
	}
	return id, attempt.AddToTimeline(ctx, tx, *a, attempt.Paid, attempt.CauseMerchant, string(attempt.RefundPending))
}

// takesRefunds refuses what this installation can't give back.
func (p *Payments) takesRefunds(a attempt.Attempt) error {
	psp, known := p.Providers[a.Provider]
	if _, can := psp.(provider.Refunder); !known || !can {
		return fault.New(fault.Conflict, "The provider "+a.Provider+" is not set up any more. Give the money back in its own dashboard.")
	}
	return nil
}

// clean completes a request and refuses what the payment does not allow.
func (r *RefundRequest) clean(paid paid, before []refundRow) error {
	left, free := paid.left(), paid.free()
	if paid.Receipt == "" || left.Minor == 0 && !free || free && givenBack(before) {
		return fault.New(fault.Conflict, paid.whyNothing())
	}
	var wrong fault.Fields
	r.Reason = text.Rule{Most: maxReason}.Clean("reason", r.Reason, wrong.Add)
	if most := paid.Quantity - paid.UnitsReturned; r.ReturnUnits < 0 || r.ReturnUnits > most {
		wrong.Add("return_units", "refund.units", fmt.Sprintf("Of this payment, 0 to %d units can be given back.", most))
	}
	if paid.LinkID == "" {
		r.ReturnUnits = 0
	}
	if r.Part != "" {
		whole := left
		left.Minor = min(whole.Minor, partsLeft(paid.Parts(), before)[r.Part])
		if !slices.Contains([]checkout.Kind{checkout.GoodsLine, checkout.TipLine, checkout.FeeLine}, r.Part) {
			wrong.Add("part", "refund.part", "Choose goods, tip or fee_covered.")
			return wrong.Err()
		}
		if left.Minor == 0 {
			wrong.Add("part", "refund.part_gone", "Nothing is left of this part.")
			return wrong.Err()
		}
	}
	switch {
	case r.Amount == nil:
		r.Amount = &left
	case r.Amount.Currency != left.Currency:
		wrong.Add("amount", OtherCurrency, fmt.Sprintf("The payment was in %s. Give an amount in %s.", left.Currency, left.Currency))
	case r.Amount.Minor < 0 || r.Amount.Minor == 0 && !free:
		wrong.Add("amount", "", "Give an amount above zero.")
	case free && r.Amount.Minor > 0:
		wrong.Add("amount", "", "Nothing was paid. Leave the amount out to cancel the payment.")
	case r.Amount.Minor > left.Minor:
		wrong.Add("amount", "", fmt.Sprintf("At most %s can be given back.", left.Format("en")))
	}
	return wrong.Err()
}

// free reports whether nothing was to be paid. What such a payment has to give back is its
// place: its refund is over nothing, with a credit note as its receipt is, and is one.
func (p paid) free() bool { return p.Receipt != "" && p.Captured.IsZero() }

// givenBack reports whether one of the refunds went through or is on its way.
func givenBack(refunds []refundRow) bool {
	return slices.ContainsFunc(refunds, func(r refundRow) bool { return r.State != provider.RefundRejected })
}

// whyNothing says why there is nothing to refund.
func (p paid) whyNothing() string {
	switch {
	case p.Captured.IsZero() && p.Receipt == "":
		return "Nothing was paid, so there is nothing to give back."
	case p.Receipt == "":
		return "This money came when no place was left, and goes back to the payer by itself."
	case p.ReservedMinor > 0:
		return "A refund of all that is left is on its way already."
	case p.LostMinor > 0:
		return "A dispute took what was left of this payment."
	}
	return "All of this payment was given back already."
}

// requestOverflowRefund writes that money which came too late goes back, with the
// payment's id as the key.
func requestOverflowRefund(ctx context.Context, tx *db.Tx, payment Payment) error {
	_, err := addRefund(ctx, tx, paid{Payment: payment}, Refund{Amount: payment.Captured, Origin: ByOverflow, State: provider.RefundAsked}, string(payment.ID), "")
	return err
}

// addRefund writes a refund and reserves its amount. An empty key is the
// refund's own id; ref is the provider's id, "" when there is none yet.
func addRefund(ctx context.Context, tx *db.Tx, of paid, r Refund, key, ref string) (RefundID, error) {
	id, err := tx.NewID("rfd")
	if err != nil {
		return "", err
	}
	if key == "" {
		key = id
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO refunds (id, business_id, payment_id, key, provider_ref, amount_minor, origin, state, reason, return_slot, return_units, part, asked_by, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)`,
		id, of.BusinessID, of.ID, key, db.OrNull(ref), r.Amount.Minor, r.Origin, r.State, r.Reason, r.ReturnSlot, r.ReturnUnits, r.Part, r.AskedBy, db.At(tx.Now()))
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE payments SET reserved_minor = reserved_minor + $3, status = 'refund_pending' WHERE business_id = $1 AND id = $2`,
		of.BusinessID, of.ID, r.Amount.Minor)
	return RefundID(id), err
}
