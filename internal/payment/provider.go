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
	Fetch(ctx context.Context, account business.ID, ref string) (Remote, error)
}

// Canceler is a provider that can end a checkout before it is paid. A nil error
// says that it was asked, not that it is ended: Fetch tells.
type Canceler interface {
	Cancel(ctx context.Context, account business.ID, ref string) error
}

// Refunder is a provider that can give money back. The same key is one refund,
// however often it is called.
type Refunder interface {
	Refund(ctx context.Context, account business.ID, ref, key string, amount money.Amount) error
}

// Verifier is a provider whose webhooks are signed. ErrForged: this one is not
// from the provider, or too old.
type Verifier interface {
	Verify(ctx context.Context, account business.ID, header http.Header, body []byte) (Event, error)
}

// Order is what a provider is asked to collect.
type Order struct {
	AttemptID   ID // the idempotency key, and metadata
	BusinessID  business.ID
	Amount      money.Amount
	Description string
	Payer       Payer
	ReturnURL   string
	WebhookURL  string
	ExpiresAt   time.Time
}

// Checkout is the provider's page for an order.
type Checkout struct{ Ref, URL string }

// Event is what a webhook is about. Of its body only this is used.
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
)
