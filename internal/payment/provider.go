package payment

import (
	"context"
	"errors"
	"net/http"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/money"
)

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

// Refunder is a provider that can give money back. The same key is one refund,
// however often it is called.
type Refunder interface {
	Refund(ctx context.Context, account Account, ref, key string, amount money.Amount) error
}

// Verifier is a provider that reports by webhooks. ErrForged: this one is not
// from the provider, or too old. A webhook is of the account that it arrived
// for, in either mode.
type Verifier interface {
	Verify(ctx context.Context, businessID business.ID, header http.Header, body []byte) (Event, error)
}

// Accepter is a provider that can't charge every amount. Accepts says why not,
// in a sentence for merchants; "" when it can.
type Accepter interface{ Accepts(a money.Amount) string }

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
	AttemptID   ID // the idempotency key, and metadata
	Account     Account
	Amount      money.Amount
	Description string
	Payer       Payer
	ReturnURL   string
	WebhookURL  string
	CreatedAt   time.Time // of the attempt, by the application's clock
	ExpiresAt   time.Time // when its hold ends, by the application's clock
}

// Checkout is the provider's page for an order.
type Checkout struct{ Ref, URL string }

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
	AttemptID ID // from the metadata
	Status    RemoteStatus
	Amount    money.Amount
	Mode      business.Mode
	Method    string
	PaidAt    time.Time
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
