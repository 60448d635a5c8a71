package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/text"
)

const (
	// providerTimeout bounds one call to a provider while a payer waits.
	providerTimeout = 20 * time.Second
	// firstLook is when the poller looks after an attempt that nobody returned
	// from.
	firstLook = 2 * time.Minute
)

// Start holds a slot, makes the attempt and its checkout. The same visitor who
// presses Pay again for the same gets the same attempt. An attempt without a
// CheckoutURL waits for the provider's answer. Errors: Invalid with fields,
// PriceChanged, SlotTaken, LimitReached, NotFound when nothing is sold now,
// TooMany, Unavailable; nothing is charged in any of these cases.
func (p *Payments) Start(ctx context.Context, r StartRequest) (Attempt, error) {
	if err := r.clean(); err != nil {
		return Attempt{}, err
	}
	provider, known := p.Providers[r.Business.Provider]
	if !known {
		return Attempt{}, fault.New(fault.Unavailable, r.Business.Name+" cannot take payments right now. You have not been charged.")
	}
	a, err := p.hold(ctx, r)
	if err != nil || a.State != Creating {
		return a, err
	}
	return p.checkout(ctx, provider, a)
}

// hold runs the transaction that takes the slot. When two tabs of one visitor
// come at once, the one that loses finds the other's attempt.
func (p *Payments) hold(ctx context.Context, r StartRequest) (a Attempt, err error) {
	for range 3 {
		err = p.DB.InTx(ctx, func(tx *db.Tx) error {
			a, err = p.holdTx(ctx, tx, r)
			return err
		})
		if !errors.Is(err, errTwin) {
			return a, err
		}
	}
	return a, fault.Wrap(err, fault.Conflict, "This payment was started twice at once. Please try again; you have not been charged.")
}

// errTwin says that the visitor's other tab was quicker.
var errTwin = errors.New("payment: the visit has an attempt already")

func (p *Payments) holdTx(ctx context.Context, tx *db.Tx, r StartRequest) (Attempt, error) {
	before, inherited, err := p.ofVisit(ctx, tx, r)
	if err != nil || before != nil {
		return deref(before), err
	}
	if err := p.checkPrice(ctx, tx, r); err != nil {
		return Attempt{}, err
	}
	if r.Link != nil && !inherited {
		if err := p.checkCaps(ctx, tx, r); err != nil {
			return Attempt{}, err
		}
		if err := p.Links.Hold(ctx, tx, r.Business.ID, r.Link.ID, r.Business.Mode); err != nil {
			return Attempt{}, err
		}
	}
	return insert(ctx, tx, r)
}

func deref(a *Attempt) Attempt {
	if a == nil {
		return Attempt{}
	}
	return *a
}

// insert writes the attempt and the first line of its timeline.
func insert(ctx context.Context, tx *db.Tx, r StartRequest) (Attempt, error) {
	id, err := tx.NewID("pay")
	if err != nil {
		return Attempt{}, err
	}
	a := r.attempt(ID(id), tx.Now())
	n, err := tx.Exec(ctx, `
		INSERT INTO attempts (id, business_id, source, link_id, product_id, version, title, description, reference, amount_minor,
			currency, mode, provider, state, holds_slot, hold_until, sync_at, payer_name, payer_email, payer_email_folded,
			payer_notes, payer_language, payer_source, channel, channel_detail, campaign, recipient_token, visit_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $29)
		ON CONFLICT DO NOTHING`,
		a.ID, a.BusinessID, a.Source, orNull(a.LinkID), orNull(a.ProductID), a.Version, a.Title, a.Description, a.Reference, a.Amount.Minor,
		a.Amount.Currency, a.Mode, a.Provider, a.State, a.HoldsSlot, db.At(a.HoldUntil), db.At(tx.Now().Add(firstLook)),
		a.Payer.Name, a.Payer.Email, text.Fold(a.Payer.Email), a.Payer.Notes, a.Payer.Language, a.MaskedIP,
		a.Channel, a.Detail, a.Campaign, a.RecipientToken, a.VisitID, db.At(tx.Now()))
	if err != nil {
		return Attempt{}, err
	}
	if n == 0 {
		return Attempt{}, errTwin
	}
	return a, note(ctx, tx, a, Creating, CausePayer, "")
}

// attempt is the snapshot of what the payer asked for.
func (r StartRequest) attempt(id ID, now time.Time) Attempt {
	a := Attempt{
		ID: id, BusinessID: r.Business.ID, Source: r.Source, Version: r.Version, Title: r.Title, Description: r.Description,
		Amount: r.Amount, Mode: r.Business.Mode, Provider: r.Business.Provider, State: Creating,
		HoldUntil: now.Add(HoldFor), Payer: r.Payer, Attribution: r.Attribution, CreatedAt: now, UpdatedAt: now,
	}
	if a.Channel == "" {
		a.Channel = "direct"
	}
	if r.Link != nil {
		a.LinkID, a.Reference, a.HoldsSlot = r.Link.ID, r.Link.Reference, true
	}
	if r.Product != nil {
		a.ProductID = r.Product.ID
	}
	return a
}

// What a payer may type.
var (
	payerName  = text.Rule{Most: 120, Required: true}
	payerNotes = text.Rule{Most: 500, Lines: true}
)

// clean tidies what the payer typed, and tells all that is wrong at once.
func (r *StartRequest) clean() error {
	var wrong fault.Fields
	r.Payer.Name = payerName.Clean("name", r.Payer.Name, func(name, code, message string) {
		if code == text.Missing {
			code, message = "name.missing", "Enter your full name."
		}
		wrong.Add(name, code, message)
	})
	r.Payer.Notes = payerNotes.Clean("notes", r.Payer.Notes, wrong.Add)
	address, err := mailaddr.Parse(r.Payer.Email)
	var refusal *mailaddr.Refusal
	if errors.As(err, &refusal) {
		wrong.Add("email", refusal.Code, refusal.Message)
	} else if err != nil {
		return err
	} else {
		r.Payer.Email = address.Typed
	}
	return wrong.Err()
}

// checkout asks the provider for its page. In doubt the attempt stays, and the
// poller finds out.
func (p *Payments) checkout(ctx context.Context, provider Provider, a Attempt) (Attempt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), providerTimeout)
	defer cancel()
	made, err := provider.Start(ctx, p.order(a))
	switch {
	case errors.Is(err, ErrRefused):
		if err := p.refused(ctx, a, err); err != nil {
			return Attempt{}, err
		}
		return Attempt{}, fault.Wrap(err, fault.Unavailable, "The payment provider refused this payment. You have not been charged. Please try again later.")
	case err != nil:
		p.Log.WarnContext(ctx, "the provider's answer is awaited", "attempt", a.ID, "provider", a.Provider, "error", err)
		return a, nil
	}
	return p.opened(ctx, a, made, CausePayer)
}

func (p *Payments) order(a Attempt) Order {
	return Order{
		AttemptID: a.ID, BusinessID: a.BusinessID, Amount: a.Amount, Description: a.Title, Payer: a.Payer,
		ReturnURL: p.PublicURL + "/pay/" + string(a.ID), WebhookURL: p.HookURL + "/hooks/" + a.Provider + "/" + string(a.BusinessID),
		ExpiresAt: a.HoldUntil,
	}
}

// opened stores what the provider answered.
func (p *Payments) opened(ctx context.Context, a Attempt, made Checkout, cause Cause) (Attempt, error) {
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := locked(ctx, tx, a.BusinessID, a.ID)
		if err != nil {
			return err
		}
		state := now.State
		if state == Creating {
			state = Open
		}
		if _, err := tx.Exec(ctx, `UPDATE attempts SET provider_ref = $3, checkout_url = $4, state = $5 WHERE business_id = $1 AND id = $2`,
			a.BusinessID, a.ID, made.Ref, made.URL, state); err != nil {
			return err
		}
		a = now
		a.ProviderRef, a.CheckoutURL, a.State = made.Ref, made.URL, state
		return note(ctx, tx, a, state, cause, "")
	})
	return a, err
}

// refused ends an attempt that the provider will not take, and gives its slot
// back.
func (p *Payments) refused(ctx context.Context, a Attempt, why error) error {
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := locked(ctx, tx, a.BusinessID, a.ID)
		if err != nil || now.State != Creating {
			return err
		}
		return p.end(ctx, tx, now, Failed, CausePayer, why.Error())
	})
}
