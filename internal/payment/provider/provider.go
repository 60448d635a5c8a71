// Package provider says what payments ask of whoever moves the money. Packages beside it do
// that for Stripe, Mollie, transfers, money by hand and the sandbox.
package provider

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
)

// AccountOf is where an attempt's money moves.
func AccountOf(a attempt.Attempt) Account { return Account{a.BusinessID, a.Mode} }

// Provider moves the money. What not every provider can do is apart: Canceler,
// Refunder, Verifier.
type Provider interface {
	// Start makes a checkout. The same attempt gets the same checkout, however
	// often it is called. ErrRefused says that there will be none; after any
	// other error there may be one.
	Start(ctx context.Context, o Order) (Checkout, error)
	// Fetch tells how a checkout stands. ErrUnknown: there is none of that id.
	Fetch(ctx context.Context, account Account, ref string) (Remote, error)
}

// Canceler is a provider that can end a checkout before it is paid. A nil error
// says that it was asked, not that it is ended: Fetch tells.
type Canceler interface {
	Cancel(ctx context.Context, account Account, ref string) error
}

// Waiter is a provider whose payments wait from the beginning, such as transfers: for how
// long a slot is held says the provider, and each can be canceled.
type Waiter interface {
	Canceler
	HoldUntil(ctx context.Context, account Account, from time.Time) (time.Time, error)
}

// Refunder is a provider that can give money back. The same key is one refund,
// however often it is called. ErrRefused says that there will be none of that
// key; after any other error there may be one.
type Refunder interface {
	Refund(ctx context.Context, account Account, ref string, o RefundOrder) (RemoteRefund, error)
}

// RefundOrder is what a provider is asked to give back.
type RefundOrder struct {
	Key         string // the idempotency key, and metadata
	Amount      money.Amount
	Description string // what the payer may read at the bank; 255 bytes at most, never empty
}

// Ledger is a provider that tells what happened to money after it was captured,
// whoever caused it: us, the merchant at the provider, or the payer's bank.
type Ledger interface {
	Movements(ctx context.Context, account Account, ref string) (Movements, error)
}

// Finder is a provider that can look for the checkout of an attempt whose answer
// was lost, by its metadata. ErrUnknown: there is none.
type Finder interface {
	Find(ctx context.Context, account Account, attempt attempt.ID, createdAt time.Time) (Checkout, error)
}

// Lister is a provider that lists its checkouts made since an instant, the
// newest first. It ends at each's first error and returns that.
type Lister interface {
	List(ctx context.Context, account Account, since time.Time, each func(Listed) error) error
}

// Verifier is a provider that reports by webhooks. ErrForged: this one is not
// from the provider, or too old. A webhook is of the account that it arrived
// for, in either mode.
type Verifier interface {
	Verify(ctx context.Context, businessID business.ID, header http.Header, body []byte) (Event, error)
}

// Unsigned is a provider that does not sign its reports: anybody can send one. Of such a
// report only what it is about is kept.
type Unsigned interface {
	// ReportOf is what a report is about, "" for what is no report.
	ReportOf(body []byte) (object string)
}

// Bounder is a provider that can't charge every amount. Where its own answer refuses
// one, Start's error is an *AmountRefusal.
type Bounder interface {
	Bounds(c money.Currency) Bounds
}

// Resolver is a provider whose webhooks may name something other than the
// checkout, such as a refund's payment. ErrUnknown: nothing of this business's.
type Resolver interface {
	Resolve(ctx context.Context, businessID business.ID, object string) (ref string, err error)
}

// Account is whose money a provider moves: a business's account there, apart
// for live and test. Money that is under way stays reachable when the business
// changes its mode.
type Account struct {
	Business business.ID
	Mode     business.Mode
}

// Order is what a provider is asked to collect.
type Order struct {
	AttemptID   attempt.ID // the idempotency key, and metadata
	Account     Account
	Amount      money.Amount
	Description string
	Lines       []OrderLine // of the amount, which they sum up to; one at least
	Payer       attempt.Payer
	ReturnURL   string
	WebhookURL  string
	CreatedAt   time.Time // of the attempt, by the application's clock
	ExpiresAt   time.Time // when its hold ends, by the application's clock
	InstantOnly bool      // only ways to pay that confirm at once
	Methods     []string  // the only ways to pay, by the names of Way; none for all
	// Source says where the payer came from and what was sold, so that a lost
	// attempt can be made anew. Keys have at most 40 characters, values 200.
	Source map[string]string
	// Extra are pairs of the merchant's own and answers that are meant for the provider.
	// It gets them as far as they fit behind the rest, in their order.
	Extra []checkout.Pair
}

// OrderLine is a part of an order.
type OrderLine struct {
	Kind     checkout.Kind
	Name     string
	Quantity int64
	Unit     money.Amount // of one; times the quantity, less the discount, is the line
	Discount money.Amount // taken off by Code; zero for none
	Code     string
}

// Whole is the line for a provider that can't take something off one: a single thing that
// says what it is made of, "3 × Ticket, SUMMER10".
func (l OrderLine) Whole() OrderLine {
	if l.Discount.IsZero() {
		return l
	}
	if l.Quantity > 1 {
		l.Name = strconv.FormatInt(l.Quantity, 10) + " × " + l.Name
	}
	return OrderLine{Kind: l.Kind, Name: l.Name + ", " + l.Code, Quantity: 1, Unit: money.Amount{Minor: l.Total(), Currency: l.Unit.Currency}}
}

// Total is what the line comes to in minor units.
func (l OrderLine) Total() int64 { return l.Unit.Minor*l.Quantity - l.Discount.Minor }

// Checkout is the provider's page for an order.
type Checkout struct {
	Ref, URL string
	// Pending says that the payment is on its way from the beginning: its hold is the
	// provider's to end.
	Pending bool
}

// Event is what a webhook is about. Of its body only this is used. Without an
// ID the provider doesn't number its events: each report counts, but only one
// about a checkout of ours is kept, because anybody could have sent it.
type Event struct{ ID, Object string }

// RemoteStatus is how a checkout stands at the provider.
type RemoteStatus string

// The remote statuses.
const (
	RemoteOpen     RemoteStatus = "open"
	RemotePending  RemoteStatus = "pending"
	RemotePaid     RemoteStatus = "paid"
	RemoteFailed   RemoteStatus = "failed"
	RemoteCanceled RemoteStatus = "canceled"
	RemoteExpired  RemoteStatus = "expired"
)

// Remote is what the provider says of a checkout.
type Remote struct {
	Ref       string
	AttemptID attempt.ID // from the metadata
	Status    RemoteStatus
	Amount    money.Amount
	Mode      business.Mode
	Method    string
	PaidAt    time.Time
	ByHand    bool   // a person told of the money afterwards: PaidAt is the day that they gave
	Why       string // it ended without money, "" where the status says it
	Agreed    bool   // the merchant takes this amount as the payment, whatever was asked for
	Moved     bool   // some of it went back already, or the payer's bank asks for it: Movements tell
}

// RefundState is how a refund stands.
type RefundState string

// The states of refunds.
const (
	RefundAsked    RefundState = "asked"   // we have not heard that the provider knows it
	RefundUnderway RefundState = "pending" // the provider will do it
	RefundDone     RefundState = "done"
	RefundRejected RefundState = "failed"
)

// RemoteRefund is what the provider says of a refund.
type RemoteRefund struct {
	Ref     string
	Key     string // ours, "" for one that was made at the provider
	Amount  money.Amount
	State   RefundState
	Problem string // why it failed, in the provider's words
}

// DisputeState is how a dispute stands.
type DisputeState string

// The states of disputes.
const (
	DisputeOpen DisputeState = "open"
	DisputeWon  DisputeState = "won" // the money stays, or came back
	DisputeLost DisputeState = "lost"
)

// RemoteDispute is what the provider says of a dispute.
type RemoteDispute struct {
	Ref      string
	Amount   money.Amount
	State    DisputeState
	Reason   string // in the provider's words
	OpenedAt time.Time
}

// Movements is everything that happened to captured money.
type Movements struct {
	Refunds  []RemoteRefund
	Disputes []RemoteDispute
}

// Listed is a checkout in a provider's list, with what its order told of it.
type Listed struct {
	Remote
	CheckoutURL string
	CreatedAt   time.Time
	ExpiresAt   time.Time
	Description string
	PayerEmail  string // "" when the provider does not tell
	Source      map[string]string
}

// What providers answer.
var (
	ErrRefused = errors.New("payment: the provider refused the order")
	ErrUnknown = errors.New("payment: the provider knows no such checkout")
	ErrForged  = errors.New("payment: the webhook is not the provider's")
	// ErrAccount: the provider does not accept the business's key, or there is
	// none. It says nothing of a checkout that was asked for before.
	ErrAccount = errors.New("payment: the provider does not accept the business's key")
)
