package link

import (
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

// Fields are what a business says of a link. A plain one is a column of its name; what
// takes two columns or another table is read and written by row.
type Fields struct {
	Name          string
	Path          string        // behind the handle; empty for one that is made from the name
	Type          Type          // empty for the one that a product or an amount tells
	Amount        *money.Amount `db:"-"`                // of an amount link
	ProductID     product.ID    `db:"product_id,null"`  // of a product link
	CustomerID    customer.ID   `db:"customer_id,null"` // whom the link is for, "" for everybody
	Description   string        // payers read it on the page
	Notes         string        // private
	Domain        string        // an own domain of the business; "" for the one that is for new links
	Reference     string        // the merchant's own, like an invoice number
	Limit         Limit
	ShowRemaining bool         // say on the page how many payments remain
	PayerAmount   *Range       `db:"-"` // the payer may choose, the amount is only a suggestion
	StartsAt      *time.Time   // no payment before
	EndsAt        *time.Time   // no payment from then on
	DueOn         string       `db:"due_on,null"` // the day by which it wants to be paid, in the business's zone, 2026-12-31; payments after it count too
	After         AfterPayment `db:",inline"`
	Thanks        string       // payers read it once they have paid; empty for the payment page's own
	WhenClosed    WhenClosed
	Checkout      checkout.Rules // what payers are asked beside the price
	WaitingList   bool           // of a full link: who wants a slot waits for one
	OfferHours    int64          // how long a slot is kept for whoever is next, 0 for DefaultOfferHours
	Tags          []tag.Tag      `db:"-"` // those without an id are found by their names, or made
	Active        bool           // the merchant's switch alone
}

// Range bounds an amount that the payer chooses, with up to MaxSuggested to
// choose with a press.
type Range struct {
	Min, Max  money.Amount
	Suggested []money.Amount
}

// MaxSuggested is how many amounts may be suggested; more make choosing hard.
const MaxSuggested = 6

// Defaults are the fields of a link of which nothing was said yet: it is on, and shows
// what remains of a limit.
func Defaults() Fields {
	return Fields{Limit: Limit{Kind: Unlimited, Counts: Payments}, ShowRemaining: true, Active: true}
}

// SetType makes a link of another type sell something else: what the old one asked
// goes.
func (f *Fields) SetType(t Type) {
	switch f.Type = t; t {
	case Amount:
		f.ProductID = ""
	case Product:
		f.Amount = nil
	}
}

// PayerChooses reports whether the amount is only a suggestion. The payment
// page must allow it as well.
func (f Fields) PayerChooses() bool { return f.PayerAmount != nil }

// complete adds what is told by what else was said.
func (f *Fields) complete() {
	if f.Type == "" {
		f.Type = Amount
		if f.ProductID != "" && f.Amount == nil {
			f.Type = Product
		}
	}
	if f.Limit.Kind == "" {
		f.Limit.Kind = Unlimited
	}
	if f.Limit.Counts == "" {
		f.Limit.Counts = Payments
	}
}
