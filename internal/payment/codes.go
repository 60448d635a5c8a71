package payment

import (
	"context"
	"maps"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// None is the provider of payments of nothing: nobody moves money (package manual).
const None = "none"

// sale is what a code is to be used for; false where codes don't count, because the payer
// chooses the amount.
func (r StartRequest) sale() (coupon.Sale, bool) {
	s := coupon.Sale{List: money.Amount{Minor: r.listed().List(), Currency: r.Amount.Currency}}
	switch {
	case r.Link != nil:
		s.Link, s.Product = r.Link.ID, r.Link.ProductID
		return s, !r.Link.PayerChooses() || !r.Business.Page.PayerAmount
	case r.Product != nil:
		s.Product = r.Product.ID
		return s, true
	}
	return s, false
}

// useCode finds what the payer's code takes off now.
func (p *Payments) useCode(ctx context.Context, from db.Reader, r *StartRequest) error {
	if r.Code == "" {
		return nil
	}
	sale, counts := r.sale()
	if !counts {
		return coupon.ErrUnusable()
	}
	now := p.DB.Clock().Now()
	if tx, in := from.(*db.Tx); in {
		now = tx.Now()
	}
	use, err := p.Coupons.Find(ctx, from, r.Business, r.Code, sale, now)
	r.use = use
	return err
}

// holdCode takes a use of the code for an attempt. What it takes off may have changed since
// the payer saw the total.
func (p *Payments) holdCode(ctx context.Context, tx *db.Tx, r StartRequest, a attempt.Attempt) error {
	if r.Code == "" {
		return nil
	}
	promised := r.use
	if err := p.useCode(ctx, tx, &r); err != nil {
		return err
	}
	if r.use.Off != promised.Off {
		return errPriceChanged
	}
	return p.Coupons.Hold(ctx, tx, holderOf(a), r.use.OncePerEmail)
}

func holderOf(a attempt.Attempt) coupon.Holder {
	return coupon.Holder{Business: a.BusinessID, Mode: a.Mode, Code: a.CodeID, Attempt: string(a.ID), Email: attempt.FoldedEmail(a.Payer.Email)}
}

// releaseCode gives the use of a code back that an attempt holds.
func (p *Payments) releaseCode(ctx context.Context, tx *db.Tx, a *attempt.Attempt) error {
	if !a.HoldsCode {
		return nil
	}
	a.HoldsCode = false
	return p.Coupons.Release(ctx, tx, holderOf(*a))
}

// findRoom is findSlot for an attempt with a code: its money needs a use of the code as well
// as a slot.
func (p *Payments) findRoom(ctx context.Context, tx *db.Tx, a *attempt.Attempt) (attempt.MoneyStatus, error) {
	if a.CodeID == "" {
		return p.findSlot(ctx, tx, *a)
	}
	fresh := !a.HoldsCode
	if fresh {
		if free, err := p.Coupons.ConsumeFresh(ctx, tx, holderOf(*a)); err != nil || !free {
			if err == nil && a.HoldsSlot { // nobody else's either: the slot goes with the use
				err = p.release(ctx, tx, *a, nobody)
			}
			return attempt.Overflow, err
		}
	}
	status, err := p.findSlot(ctx, tx, *a)
	switch {
	case err != nil:
	case status == attempt.Overflow && fresh:
		err = p.Coupons.Unuse(ctx, tx, holderOf(*a))
	case status == attempt.Overflow:
		err = p.releaseCode(ctx, tx, a)
	case fresh:
		status = attempt.AcceptedLate
	}
	return status, err
}

// consumeCodes uses the codes up that payments held uses of: a statement for each code, in
// order.
func (p *Payments) consumeCodes(payments []Payment) (statements []*db.Statement) {
	uses := map[coupon.CodeID]int64{}
	for i := range payments {
		if payments[i].HoldsCode {
			uses[payments[i].CodeID]++
			payments[i].HoldsCode = false
		}
	}
	for _, id := range slices.Sorted(maps.Keys(uses)) {
		statements = append(statements, p.Coupons.Consume(payments[0].BusinessID, payments[0].Mode, id, uses[id]))
	}
	return statements
}

// countCodes adds payments to the sums of their codes.
func (p *Payments) countCodes(ctx context.Context, tx *db.Tx, account provider.Account, payments []Payment) error {
	var sold []coupon.Sold
	for _, payment := range payments {
		if payment.CodeID != "" {
			sold = append(sold, coupon.Sold{Code: payment.CodeID, Currency: payment.Attempt.Amount.Currency, TakenOff: payment.Discount, Brought: payment.Captured.Minor})
		}
	}
	return p.Coupons.Count(ctx, tx, account.Business, account.Mode, sold)
}

// settleFree makes an attempt of nothing a payment, in the transaction that makes it: nobody
// is asked.
func (p *Payments) settleFree(ctx context.Context, tx *db.Tx, a *attempt.Attempt) error {
	if a.State != attempt.Creating || !a.Amount.IsZero() {
		return nil
	}
	key := a.SourceKey
	if err := p.settle(ctx, tx, a, provider.Remote{Ref: string(a.ID), Amount: a.Amount}, attempt.CausePayer); err != nil {
		return err
	}
	// Caps count it for a day, as nothing else keeps one source from taking every slot.
	a.ProviderRef = string(a.ID)
	_, err := tx.Exec(ctx, `UPDATE attempts SET provider_ref = id, sync_at = NULL, payer_key = $3 WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, key)
	return err
}

// Chargeable is what the business's own provider charges: parts of a payment are rounded to it.
func (p *Payments) Chargeable(b business.Business, c money.Currency) checkout.Chargeable {
	bounds := p.boundsOf(b.Provider, c)
	return checkout.Chargeable{Least: bounds.Min, Step: bounds.Step}
}
