// Package attempt is one try to pay: what was sold to whom, how it stands, and its row. What
// happens to it is package payment's.
package attempt

import (
	"net/netip"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
)

// ID names an attempt, and the payment that it became: "pay_…". It can't be
// guessed, but merchants' sites, programs and providers know it: who knows it may
// see how the payment stands, never whose it is.
type ID string

// Source says which page an attempt came from.
type Source string

// The sources.
const (
	SourceLink    Source = "link" // also a product's page that a link led to
	SourcePage    Source = "page"
	SourceProduct Source = "product"
)

// State is where an attempt stands.
type State string

// The states. Creating, open, pending and closing may still be paid.
const (
	Creating State = "creating" // the provider has not confirmed that it knows it
	Open     State = "open"     // the payer is at the provider
	Pending  State = "pending"  // the provider says that money is on its way
	Closing  State = "closing"  // the provider is asked to expire it
	Paid     State = "paid"
	Failed   State = "failed"
	Canceled State = "canceled"
	Expired  State = "expired"
	Released State = "released" // the provider confirmed that it can't be paid
	Review   State = "review"   // a person must look
)

// Live reports whether the attempt may still be paid as far as we know.
func (s State) Live() bool {
	return s == Creating || s == Open || s == Pending || s == Closing
}

// The same in statements, for IN (…).
const (
	LiveSQL      = `'` + string(Creating) + `', '` + string(Open) + `', '` + string(Pending) + `', '` + string(Closing) + `'`
	UndecidedSQL = LiveSQL + `, '` + string(Review) + `'` // live, or a person must look
)

// Cause says who made an attempt change.
type Cause string

// The causes.
const (
	CausePayer    Cause = "payer"
	CauseWebhook  Cause = "webhook"
	CauseReturn   Cause = "return"
	CausePoller   Cause = "poller"
	CauseMerchant Cause = "merchant"
)

// Payer is who pays, as typed.
type Payer struct{ Name, Email, Notes, Language string }

// Attribution says where a payer came from. It is written when the attempt
// starts and does not hang on a cookie until the money comes.
type Attribution struct {
	Channel        string
	Detail         string
	Campaign       string
	RecipientToken string
	VisitID        string
	MaskedIP       string     // the network of whom holds are capped
	Address        netip.Addr // the source of whom holds are capped; never stored
	Referrer       string     // the site that led here, "" for none
	Browser, OS    string
	Country        string // two letters of ISO 3166-1, "" where it is not known
	Device         string // phone, tablet or desktop
	Language       string // of the browser, like "nl"
}

// HoldFor is how long a checkout may be paid, and a slot is held: the shortest
// that Stripe's Checkout Sessions allow.
const HoldFor = 30 * time.Minute

// Attempt is one try to pay: a snapshot of what was sold to whom.
type Attempt struct {
	ID          ID
	BusinessID  business.ID
	Source      Source
	LinkID      link.ID    // "" without a link
	ProductID   product.ID // "" without a product
	Version     int64      // of what was sold, as the payer saw it
	Title       string
	Description string
	Reference   string
	DueOn       string       // the day by which the link wanted to be paid, 2026-12-31; "" without one
	Quantity    int64        // units of what is sold, 1 for an amount that the payer chose
	Unit        money.Amount // what one costs
	Tip, Fee    int64        // in minor units: what the payer added, and covers of the provider's fee
	CodeID      coupon.CodeID
	Code        string       // as it was, "" without one
	Discount    int64        // in minor units: what the code took off
	HoldsCode   bool         // a use of it
	Amount      money.Amount // charged
	Answers     checkout.Answers
	Mode        business.Mode
	Provider    string
	ProviderRef string // the provider's id, "" until it is known
	CheckoutURL string
	State       State
	Reason      string
	HoldsSlot   bool
	HoldUntil   time.Time
	InstantOnly bool     // only ways to pay that confirm at once
	Methods     []string // the only ways to pay, none for all
	Payer       Payer
	Host        string // the own domain at which it started; "" at the installation
	// BrowserKey is the hash of the cookie of the browser that started it, "" without
	// one. The same browser is told of it, and sees the receipt.
	BrowserKey string
	// ReceiptToken opens the receipt for whoever has the mail; "" for attempts of
	// before there was one.
	ReceiptToken string
	Attribution
	CreatedAt time.Time
	UpdatedAt time.Time
	// Customer is whose payment a member recorded, and Quiet that no receipt is mailed.
	// Neither is stored.
	Customer customer.ID
	Quiet    bool

	Tries     int64  // polls that changed nothing
	SourceKey string // of Address, when it starts
	Overflow  bool   // became one just now, and is to be refunded
}

// Target is what the attempt counts for: its link, else its product, else the
// business's payment page.
func (a Attempt) Target() string {
	switch {
	case a.LinkID != "":
		return string(a.LinkID)
	case a.ProductID != "":
		return string(a.ProductID)
	}
	return string(a.BusinessID)
}

// Parts are what the amount is made of.
func (a Attempt) Parts() checkout.Parts {
	return checkout.Parts{Currency: a.Amount.Currency, Quantity: a.Quantity, Unit: a.Unit.Minor, Discount: a.Discount, Code: a.Code, Tip: a.Tip, Fee: a.Fee}
}

// Said is what was paid for, in words. A description that is longer than a title
// may be begins with it, and is told whole.
func (a Attempt) Said() string {
	if strings.HasPrefix(a.Description, a.Title) {
		return a.Description
	}
	return a.Title
}

// FoldedEmail is how addresses are compared: a mailbox written in two ways is
// one. The address is clean already.
func FoldedEmail(email string) string {
	if address, err := mailaddr.Parse(email); err == nil {
		return address.Folded
	}
	return text.Fold(email)
}
