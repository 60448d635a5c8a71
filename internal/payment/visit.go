package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// ofVisit finds the attempt that the same visitor has running. The same again
// is that attempt; something else replaces it: the old one goes to closing and
// hands its slot over, so that a changed mind never needs two.
func (p *Payments) ofVisit(ctx context.Context, tx *db.Tx, r StartRequest) (same *Attempt, inherited bool, err error) {
	if r.Attribution.VisitID == "" {
		return nil, false, nil
	}
	var found row
	err = tx.Get(ctx, &found, `SELECT `+rowColumns+` FROM attempts a
		WHERE a.business_id = $1 AND a.visit_id = $2 AND a.state IN ('creating', 'open')`, r.Business.ID, r.Attribution.VisitID)
	if errors.Is(err, db.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	before, wanted := found.attempt(), r.attempt("", tx.Now())
	if before.sells(wanted) && tx.Now().Before(before.HoldUntil) {
		return &before, false, nil
	}
	n, err := tx.Exec(ctx, `UPDATE attempts SET state = 'closing', holds_slot = FALSE, sync_at = $3, updated_at = $3
		WHERE business_id = $1 AND id = $2 AND state IN ('creating', 'open')`, before.BusinessID, before.ID, db.At(tx.Now()))
	if err != nil || n == 0 {
		return nil, false, err
	}
	if err := note(ctx, tx, before, Closing, CausePayer, "replaced"); err != nil {
		return nil, false, err
	}
	if before.HoldsSlot && before.LinkID == wanted.LinkID {
		return nil, true, nil
	}
	if before.HoldsSlot {
		err = p.Links.Release(ctx, tx, before.BusinessID, before.LinkID, before.Mode)
	}
	return nil, false, err
}

// sells reports whether two attempts are for the same at the same price by the
// same payer.
func (a Attempt) sells(b Attempt) bool {
	return a.LinkID == b.LinkID && a.ProductID == b.ProductID && a.Source == b.Source && a.Version == b.Version &&
		a.Amount == b.Amount && a.Mode == b.Mode && a.Provider == b.Provider && text.Fold(a.Payer.Email) == text.Fold(b.Payer.Email)
}

var errPriceChanged = fault.New(fault.PriceChanged, "The price changed while you were here. Look at the new price; you have not been charged.")

// checkPrice compares what the payer saw with what is asked now, inside the
// transaction, because pages are cached.
func (p *Payments) checkPrice(ctx context.Context, tx *db.Tx, r StartRequest) error {
	asked, err := askedNow(ctx, tx, r)
	if errors.Is(err, db.ErrNoRows) {
		return fault.New(fault.NotFound, "This is not for sale any more. You have not been charged.")
	}
	if err != nil {
		return err
	}
	if asked.Currency != r.Amount.Currency {
		return errPriceChanged
	}
	if asked.min == nil && asked.max == nil && asked.fixed {
		if asked.Minor != r.Amount.Minor {
			return errPriceChanged
		}
		return nil
	}
	return asked.within(r.Amount)
}

// asked is what may be paid now: one amount, or a range.
type asked struct {
	money.Amount
	fixed    bool
	min, max *int64
}

// within tells what is wrong with an amount that the payer chose.
func (a asked) within(chosen money.Amount) error {
	var wrong fault.Fields
	switch {
	case chosen.Minor <= 0:
		wrong.Add("amount", string(money.NotPositive), "Enter an amount above zero.")
	case a.min != nil && chosen.Minor < *a.min:
		wrong.Add("amount", "amount.min", "Enter at least "+money.Amount{Minor: *a.min, Currency: a.Currency}.Format("en")+".")
	case a.max != nil && chosen.Minor > *a.max:
		wrong.Add("amount", "amount.max", "Enter at most "+money.Amount{Minor: *a.max, Currency: a.Currency}.Format("en")+".")
	}
	return wrong.Err()
}

func askedNow(ctx context.Context, tx *db.Tx, r StartRequest) (asked, error) {
	if r.Link == nil && r.Product == nil {
		return askedOnPage(r), nil
	}
	var now struct {
		Minor    int64
		Currency money.Currency
		Least    *int64
		Most     *int64
	}
	if r.Link == nil {
		err := tx.Get(ctx, &now, `SELECT price_minor AS minor, currency, CAST(NULL AS BIGINT) AS least, CAST(NULL AS BIGINT) AS most
			FROM products WHERE business_id = $1 AND id = $2 AND active AND deleted_at IS NULL`, r.Business.ID, r.Product.ID)
		return asked{Amount: money.Amount{Minor: now.Minor, Currency: now.Currency}, fixed: true}, err
	}
	err := tx.Get(ctx, &now, `
		SELECT COALESCE(l.amount_minor, p.price_minor, 0) AS minor, COALESCE(p.currency, l.currency) AS currency,
			l.payer_min_minor AS least, l.payer_max_minor AS most
		FROM links l LEFT JOIN products p ON p.id = l.product_id
		WHERE l.business_id = $1 AND l.id = $2 AND l.deleted_at IS NULL AND (p.id IS NULL OR (p.active AND p.deleted_at IS NULL))`,
		r.Business.ID, r.Link.ID)
	a := asked{Amount: money.Amount{Minor: now.Minor, Currency: now.Currency}, fixed: true}
	if r.Business.Page.PayerAmount && now.Least != nil && now.Most != nil {
		a.fixed, a.min, a.max = false, now.Least, now.Most
	}
	return a, err
}

// askedOnPage is the payment page's range.
func askedOnPage(r StartRequest) asked {
	a := asked{Amount: money.Amount{Currency: r.Business.Currency}}
	if least := r.Business.Page.Min; least != nil {
		a.min = &least.Minor
	}
	if most := r.Business.Page.Max; most != nil {
		a.max = &most.Minor
	}
	return a
}

// Caps on live holds of a limited link, so that nobody takes its slots hostage.
const (
	maxHoldsOfSource = 5
	maxHoldsOfEmail  = 3
)

// checkCaps counts the live holds of one source and one address.
func (p *Payments) checkCaps(ctx context.Context, tx *db.Tx, r StartRequest) error {
	if !p.Limits || !r.Link.Limit.Limited() {
		return nil
	}
	var live []struct{ PayerSource, PayerEmailFolded string }
	if err := tx.Select(ctx, &live, `SELECT payer_source, payer_email_folded FROM attempts
		WHERE link_id = $1 AND mode = $2 AND business_id = $3 AND holds_slot AND (payer_source = $4 OR payer_email_folded = $5)
			AND id > $6`,
		r.Link.ID, r.Business.Mode, r.Business.ID, r.Attribution.MaskedIP, text.Fold(r.Payer.Email), idFloor(tx.Now())); err != nil {
		return err
	}
	bySource, byEmail := 0, 0
	for _, l := range live {
		if r.Attribution.MaskedIP != "" && l.PayerSource == r.Attribution.MaskedIP {
			bySource++
		}
		if l.PayerEmailFolded == text.Fold(r.Payer.Email) {
			byEmail++
		}
	}
	if bySource >= maxHoldsOfSource || byEmail >= maxHoldsOfEmail {
		return fault.New(fault.TooMany, "You have several payments under way for this already. Finish one of them, or try again in half an hour. You have not been charged.")
	}
	return nil
}

// holdsWithin is how far back live holds are looked for; older ones wait for a
// provider's word and are few.
const holdsWithin = 24 * time.Hour

// idFloor is below every id made since then, so that the index ends the search.
func idFloor(now time.Time) string {
	zeros := make([]byte, 10)
	floor, err := idAt(now.Add(-holdsWithin), zeros)
	if err != nil {
		return ""
	}
	return floor
}
