package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/secret"
)

// firstLook is when the poller looks after an attempt that nobody returned
// from.
const firstLook = 2 * time.Minute

// Start holds a slot, makes the attempt and its checkout. The same visitor who
// presses Pay again for the same gets the same attempt. An attempt without a
// CheckoutURL waits for the provider's answer: tell the payer that it is being
// checked. Errors: Invalid with fields, PriceChanged, SlotTaken, LimitReached,
// NotFound when nothing is sold now, TooMany, Unavailable, and ErrPaidBefore for
// who has paid and didn't say that they pay once more; nothing is charged in any
// of these cases.
func (p *Payments) Start(ctx context.Context, r StartRequest) (Attempt, error) {
	if err := r.clean(); err != nil {
		return Attempt{}, err
	}
	if err := p.useCode(ctx, p.DB, &r); err != nil {
		return Attempt{}, err
	}
	if r.use.Code != "" && r.total().IsZero() {
		r.Provider = None
	}
	if r.Seen != nil && r.total() != *r.Seen {
		return Attempt{}, errPriceChanged
	}
	provider, known := p.Providers[r.provider()]
	if !known {
		return Attempt{}, fault.New(fault.Unavailable, r.Business.Name+" cannot take payments right now. You have not been charged.")
	}
	if total := r.total(); total.Cmp(money.Max(total.Currency)) > 0 {
		return Attempt{}, errTooMuch()
	} else if refusal := p.boundsOf(r.provider(), total.Currency).Refuse(total); refusal != nil {
		return Attempt{}, refusal.fault()
	}
	if waiter, waits := provider.(Waiter); waits {
		until, err := waiter.HoldUntil(ctx, Account{r.Business.ID, r.Business.Mode}, p.DB.Clock().Now())
		if err != nil {
			return Attempt{}, err
		}
		r.waitUntil = until
	}
	a, err := p.hold(ctx, r)
	if fault.Is(err, fault.SlotTaken) && r.Link != nil {
		if notNoted := p.wanted(ctx, r); notNoted != nil {
			p.Log.WarnContext(ctx, "that a link was full was not noted", "link", r.Link.ID, "error", notNoted)
		}
	}
	if err != nil || a.State != Creating {
		return a, err
	}
	return p.checkout(ctx, provider, a)
}

// hold runs the transaction that takes the slot. Tabs of one visitor come one
// after another, so the later one finds the attempt of the first; the unique
// index has the last word.
func (p *Payments) hold(ctx context.Context, r StartRequest) (a Attempt, err error) {
	for range 3 {
		err = p.DB.InTx(ctx, func(tx *db.Tx) error {
			if a, err = p.holdTx(ctx, tx, r); err != nil {
				return err
			}
			return p.settleFree(ctx, tx, &a)
		})
		if !errors.Is(err, errTwin) {
			return a, err
		}
	}
	return a, fault.Wrap(err, fault.Conflict, "This payment was started twice at once. Please try again; you have not been charged.")
}

// errTwin says that the visitor's other tab was quicker, or that the code is taken.
var errTwin = errors.New("payment: the visit has an attempt already")

func (p *Payments) holdTx(ctx context.Context, tx *db.Tx, r StartRequest) (Attempt, error) {
	before, inherited, err := p.ofVisit(ctx, tx, r) // inherited: whose hold passes on
	if err != nil {
		return Attempt{}, err
	}
	// Behind the lock on the visit, and behind what replaces an attempt: money
	// that came a moment ago is seen.
	if err := p.checkOwn(ctx, tx, r); err != nil || before != nil {
		return deref(before), err
	}
	if err := p.checkPrice(ctx, tx, r); err != nil {
		return Attempt{}, err
	}
	a, err := p.insert(ctx, tx, r)
	if err != nil {
		return a, err
	}
	if err := p.holdCode(ctx, tx, r, a); err != nil {
		return Attempt{}, err
	}
	if inherited != nil {
		return a, p.inherit(ctx, tx, *inherited, a)
	}
	var places *link.Places
	if r.Link != nil && r.Offer != "" {
		taken, err := p.Offers.Take(ctx, tx, r.Business.ID, r.Link.ID, r.Business.Mode, r.Offer, a.ID, a.Quantity)
		if err == nil && !taken {
			err = fault.New(fault.SlotTaken, "The place that was kept for you went to somebody else. You have not been charged.")
		}
		if err != nil {
			return Attempt{}, err
		}
	} else if r.Link != nil {
		// Late: everybody who pays for the link waits for the row of its slots until
		// the commit. Where there is no place, the transaction undoes the rest.
		if places, err = p.Links.Hold(ctx, tx, r.Business.ID, r.Link.ID, r.Business.Mode, a.Quantity); err != nil {
			return Attempt{}, err
		}
	}
	if !r.waitUntil.IsZero() {
		return a, p.checkWaiting(ctx, tx, r, a, places)
	}
	// After the hold: its row is locked now, so that the count is exact.
	err = p.checkCaps(ctx, tx, r, &a, places)
	return a, err
}

// wanted notes that the link was full for somebody other than those who hold its
// places.
func (p *Payments) wanted(ctx context.Context, r StartRequest) error {
	var others bool
	err := p.DB.Get(ctx, &others, `SELECT EXISTS (SELECT 1 FROM attempts WHERE link_id = $1 AND mode = $2 AND holds_slot AND business_id = $3 AND payer_key <> $4)`,
		r.Link.ID, r.Business.Mode, r.Business.ID, p.key(string(r.Business.ID), r.Attribution.Address))
	if err != nil || !others {
		return err
	}
	return p.Links.Wanted(ctx, r.Business.ID, r.Link.ID, r.Business.Mode)
}

func deref(a *Attempt) Attempt {
	if a == nil {
		return Attempt{}
	}
	return *a
}

// insert writes the attempt, what its beginning causes, and the first line of its
// timeline.
func (p *Payments) insert(ctx context.Context, tx *db.Tx, r StartRequest) (Attempt, error) {
	id, err := tx.NewID("pay")
	if err != nil {
		return Attempt{}, err
	}
	a := r.attempt(ID(id), tx.Now())
	a.sourceKey = p.key(string(a.BusinessID), r.Attribution.Address)
	if a.ReceiptToken, err = secret.Token(p.DB.Random()); err != nil {
		return Attempt{}, err
	}
	n, err := write(ctx, tx, a)
	if err != nil {
		return Attempt{}, err
	}
	if n == 0 {
		return Attempt{}, errTwin
	}
	if p.OnStart != nil {
		if err := p.OnStart(ctx, tx, a); err != nil {
			return Attempt{}, err
		}
	}
	return a, note(ctx, tx, a, Creating, CausePayer, "")
}

// write inserts an attempt; 0 when it is there, or the visit has another one.
func write(ctx context.Context, tx *db.Tx, a Attempt) (int64, error) {
	r := a.row()
	r.SyncAt = db.At(tx.Now().Add(firstLook))
	into, arguments := columns.Insert(r)
	return tx.Exec(ctx, `INSERT INTO attempts `+into+` ON CONFLICT DO NOTHING`, arguments...)
}
