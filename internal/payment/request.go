package payment

import (
	"cmp"
	"errors"
	"math"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
)

// StartRequest is a payer who pressed Pay.
type StartRequest struct {
	Business    business.Business
	Source      attempt.Source
	Link        *link.Link       // nil without a link
	Product     *product.Product // nil when an amount is paid
	Version     int64            // of what is sold, as the payer saw it
	Amount      money.Amount     // of one unit, as the payer saw or chose it
	Quantity    int64            // of units, as the payer chose; 0 is one
	Extras      checkout.Extras  // what the payer adds
	Seen        *money.Amount    // the total that the payer was shown, nil when none: another is never charged
	Code        string           // a promotion code as it was typed, "" without one
	Answers     checkout.Answers // by the rules of the link
	Title       string
	Description string
	Payer       attempt.Payer
	Provider    string           // who moves the money; "" is the business's own
	Method      string           // the way to pay that was chosen beforehand, "" for none
	BrowserKey  string           // of the browser, "" without a cookie
	Request     *history.Request // that led here, nil without one
	// OnceMore is the code of the payer's newest payment for the same: they were
	// told of it and pay once more. "" when they were told of none.
	OnceMore string
	// Offer is the token of an offer of the link's waiting list, "" without one: its
	// slots become the attempt's.
	Offer       string
	Attribution attempt.Attribution

	waitUntil time.Time  // of a payment that waits from the beginning; else zero
	use       coupon.Use // of Code
	can       checkout.Chargeable
}

// attempt is the snapshot of what the payer asked for.
func (r StartRequest) attempt(id attempt.ID, now time.Time) attempt.Attempt {
	a := attempt.Attempt{
		ID: id, BusinessID: r.Business.ID, Source: r.Source, Version: r.Version, Title: r.Title, Description: r.Description, Host: r.Business.Host,
		Quantity: r.units(), Unit: r.Amount, Amount: r.total(), Answers: r.Answers, Mode: r.Business.Mode, Provider: r.provider(), State: attempt.Creating,
		HoldUntil: now.Add(attempt.HoldFor), Payer: r.Payer, BrowserKey: r.BrowserKey, Attribution: r.Attribution, CreatedAt: now, UpdatedAt: now,
	}
	if !r.waitUntil.IsZero() {
		a.HoldUntil = r.waitUntil
	}
	parts := r.parts(nil)
	a.Tip, a.Fee, a.Methods = parts.Tip, parts.Fee, r.methods()
	a.CodeID, a.Code, a.Discount, a.HoldsCode = r.use.Code, r.use.Off.Code, parts.Discount, r.use.Code != ""
	if a.Channel == "" {
		a.Channel = "direct"
	}
	if r.Link != nil {
		a.LinkID, a.Reference, a.DueOn, a.HoldsSlot = r.Link.ID, r.Link.Reference, r.Link.DueOn, true
		a.InstantOnly = r.Business.InstantOnly && r.Link.Limit.Limited()
	}
	if r.Product != nil {
		a.ProductID = r.Product.ID
	}
	return a
}

// provider is who moves the money.
func (r StartRequest) provider() string { return cmp.Or(r.Provider, r.Business.Provider) }

func (r StartRequest) units() int64 { return max(r.Quantity, 1) }

// rules are what the payer was asked: as the link says, and the rest as its product does.
func (r StartRequest) rules() checkout.Rules {
	switch {
	case r.Link != nil && r.Product != nil:
		return r.Link.Checkout.Over(r.Product.Checkout)
	case r.Link != nil:
		return r.Link.Asks()
	case r.Product != nil:
		return r.Product.Checkout
	}
	return checkout.Rules{}
}

// parts are what the payment is made of, by the rules of what is sold; what is wrong with the
// extras is added to wrong.
func (r StartRequest) parts(wrong *fault.Fields) checkout.Parts {
	if wrong == nil {
		wrong = &fault.Fields{}
	}
	return r.rules().Price(r.listed(), r.use.Off, r.Extras, r.can, wrong)
}

// listed are the units at their price.
func (r StartRequest) listed() checkout.Parts {
	return checkout.Parts{Currency: r.Amount.Currency, Quantity: r.units(), Unit: min(r.Amount.Minor, math.MaxInt64/maxFactor/r.units())}
}

// maxFactor is by what the parts of a payment are multiplied at most while they are
// reckoned; a price that is larger than that is too large for money anyway.
const maxFactor = 200_000

// total is what is charged.
func (r StartRequest) total() money.Amount {
	p := r.parts(nil)
	return p.In(p.Total())
}

// errTooMuch refuses a total that is no amount.
func errTooMuch() error {
	var wrong fault.Fields
	wrong.Add("quantity", "quantity.amount", "So many cost more than a payment can be. Choose fewer.")
	return wrong.Err()
}

// What a payer may type. Notes hold, behind what was typed, what the page's URL said.
var (
	payerName  = text.Rule{Most: 120, Required: true}
	payerNotes = text.Rule{Most: 1600, Lines: true}
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
	r.parts(&wrong)
	address, err := mailaddr.Parse(r.Payer.Email)
	var refusal *mailaddr.Refusal
	switch {
	case errors.As(err, &refusal):
		wrong.Add("email", refusal.Code, refusal.Message)
	case err != nil:
		return err
	default:
		r.Payer.Email = address.Typed
	}
	return wrong.Err()
}
