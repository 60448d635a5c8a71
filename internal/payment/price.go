package payment

import (
	"errors"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

var errPriceChanged = fault.New(fault.PriceChanged, "The price changed while you were here. Look at the new price; you have not been charged.")

// checkPrice compares what the payer saw with what is asked now, inside the
// transaction, because pages are cached.
func (r StartRequest) checkPrice(p *asking) error {
	asked, err := p.now(r)
	if errors.Is(err, db.ErrNoRows) {
		return fault.New(fault.NotFound, "This is not for sale at the moment. You have not been charged.")
	}
	if err != nil {
		return err
	}
	var wrong fault.Fields
	if asked.rules.CheckQuantity(r.units(), &wrong); len(wrong) > 0 {
		return wrong.Err()
	}
	if asked.Currency != r.Amount.Currency || asked.fixed && asked.Minor != r.Amount.Minor {
		return errPriceChanged
	}
	return asked.within(r.Amount)
}

// asked is what may be paid now: one amount, or a range.
type asked struct {
	money.Amount
	fixed    bool
	min, max *int64
	rules    checkout.Rules
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
	case chosen.Minor > money.Max(a.Currency).Minor:
		wrong.Add("amount", string(money.TooLarge), "This amount is too large.")
	}
	return wrong.Err()
}

// asking asks what may be paid now for what is sold, by statements that somebody else
// sends; now tells it to whoever buys that. No row: nothing is sold now.
type asking struct {
	statements []*db.Statement
	now        func(r StartRequest) (asked, error)
}

func askPrice(r StartRequest, now time.Time) *asking {
	switch {
	case r.Link != nil:
		return askByLink(r, now)
	case r.Product != nil:
		return askByProduct(r)
	}
	return &asking{now: askedOnPage}
}

// askByLink asks for the link's amount or its product's price; a range when link
// and payment page both let the payer choose. No row: nothing is sold now, also
// for an attempt that would inherit the slot of another.
func askByLink(r StartRequest, at time.Time) *asking {
	var now struct {
		Minor     int64
		Currency  money.Currency
		Least     *int64
		Most      *int64
		Checkout  checkout.Rules
		ProductID product.ID
		Sold      checkout.Rules // what its product asks
	}
	ask := db.One(&now, `
		SELECT `+link.PriceSQL+` AS minor, `+link.CurrencySQL+` AS currency,
			l.payer_min_minor AS least, l.payer_max_minor AS most, l.checkout, COALESCE(l.product_id, '') AS product_id, COALESCE(p.checkout, '') AS sold
		FROM links l LEFT JOIN products p ON p.id = l.product_id
		WHERE l.business_id = $1 AND l.id = $2 AND `+link.OpenSQL(3)+`
			AND (p.id IS NULL OR (p.active AND p.deleted_at IS NULL))`,
		r.Business.ID, r.Link.ID, db.At(at))
	return &asking{[]*db.Statement{ask}, func(r StartRequest) (asked, error) {
		if ask.None {
			return asked{}, db.ErrNoRows
		}
		a := asked{Amount: money.Amount{Minor: now.Minor, Currency: now.Currency}, fixed: true, rules: now.Checkout.Over(now.Sold)}
		if !a.rules.Same(r.rules()) || now.ProductID != r.Link.ProductID {
			return a, errPriceChanged // the payer answered something else, or buys something else
		}
		if r.Business.Page.PayerAmount && now.Least != nil && now.Most != nil {
			a.fixed, a.min, a.max = false, now.Least, now.Most
		}
		return a, nil
	}}
}

func askByProduct(r StartRequest) *asking {
	var now struct {
		PriceMinor int64
		Currency   money.Currency
		Checkout   checkout.Rules
	}
	ask := db.One(&now, `SELECT price_minor, currency, checkout FROM products
		WHERE business_id = $1 AND id = $2 AND active AND deleted_at IS NULL`, r.Business.ID, r.Product.ID)
	return &asking{[]*db.Statement{ask}, func(r StartRequest) (asked, error) {
		if ask.None {
			return asked{}, db.ErrNoRows
		}
		a := asked{Amount: money.Amount{Minor: now.PriceMinor, Currency: now.Currency}, fixed: true, rules: now.Checkout}
		if !a.rules.Same(r.rules()) {
			return a, errPriceChanged
		}
		return a, nil
	}}
}

// askedOnPage is the payment page's range.
func askedOnPage(r StartRequest) (asked, error) {
	page := r.Business.Page
	if !page.Enabled {
		return asked{}, db.ErrNoRows
	}
	a := asked{Amount: money.Amount{Currency: r.Business.Currency}}
	if page.Min != nil {
		a.min = &page.Min.Minor
	}
	if page.Max != nil {
		a.max = &page.Max.Minor
	}
	return a, nil
}
