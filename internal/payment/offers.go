package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
)

// Offers are the slots that a waiting list keeps for people. All acts are part of the
// transaction that changes the attempt.
type Offers interface {
	// Take makes the slots of an offer those of an attempt; false: there is no such offer
	// any more.
	Take(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, mode business.Mode, token string, attempt attempt.ID, units int64) (bool, error)
	// Pass hands what an attempt took to the one that replaces it.
	Pass(ctx context.Context, tx *db.Tx, from attempt.Attempt, to attempt.ID) error
	// Return gives the held slots of an attempt without money back to the offer that it
	// took; false: they are nobody's.
	Return(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error)
	// Reclaim frees the slots that were returned, for late money of the same attempt.
	Reclaim(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error)
	// Spend makes slots that are on offer to an address those of a payment by hand; false:
	// there is no such offer, or it is of too few.
	Spend(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, mode business.Mode, email string, units int64) (bool, error)
	// Keep makes the slots of an attempt that its payer closed an offer to them, so that they
	// can pay in another way; false: nobody waits for slots of the link.
	Keep(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error)
	// Postpone has the list of a link served in a minute: what came free is for somebody.
	Postpone(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, mode business.Mode) error
}

// heir is who gets the slot of an attempt that is closed, although others wait for one.
type heir int

const (
	nobody   heir = iota
	aRecord       // the payment by hand for which it is closed
	itsPayer      // who wants to pay in another way
)

// release gives up the slot that an attempt holds: to whom it was offered, while that
// lasts, else to its heir, else to everybody.
func (p *Payments) release(ctx context.Context, tx *db.Tx, a attempt.Attempt, to heir) error {
	if p.Offers != nil {
		if returned, err := p.Offers.Return(ctx, tx, a); err != nil || returned {
			return err
		}
		if to == itsPayer {
			if kept, err := p.Offers.Keep(ctx, tx, a); err != nil || kept {
				return err
			}
		}
		if to == aRecord {
			if err := p.Links.ReleaseUnoffered(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity); err != nil {
				return err
			}
			return p.Offers.Postpone(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
		}
	}
	return p.Links.Release(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity)
}

// inherit makes the hold of an attempt that of the one which replaces it.
func (p *Payments) inherit(ctx context.Context, tx *db.Tx, from, a attempt.Attempt) error {
	if p.Offers != nil {
		if err := p.Offers.Pass(ctx, tx, from, a.ID); err != nil {
			return err
		}
	}
	return p.Links.HoldInstead(ctx, tx, a.BusinessID, a.LinkID, a.Mode, from.Quantity, a.Quantity)
}

// consumeFresh takes a slot for money whose attempt holds none, if need be the one that
// its end gave back to its payer's offer.
func (p *Payments) consumeFresh(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	free, err := p.Links.ConsumeFresh(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity)
	if err != nil || free || p.Offers == nil {
		return free, err
	}
	if reclaimed, err := p.Offers.Reclaim(ctx, tx, a); err != nil || !reclaimed {
		return false, err
	}
	return p.Links.ConsumeFresh(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity)
}
