package payment

import (
	"context"
	"log/slog"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
)

// MoneyStatus says what became of captured money.
type MoneyStatus string

// The statuses of money.
const (
	Accepted          MoneyStatus = "accepted"
	AcceptedLate      MoneyStatus = "accepted_late" // its hold had been given back, and a slot was free
	Overflow          MoneyStatus = "overflow"      // no slot was free: refunded by itself, never a receipt
	RefundPending     MoneyStatus = "refund_pending"
	Refunded          MoneyStatus = "refunded"
	PartiallyRefunded MoneyStatus = "partially_refunded"
	RefundFailed      MoneyStatus = "refund_failed" // tried again; the merchant must know
)

// Payment is money that a provider confirmed, as effects see it.
type Payment struct {
	Attempt
	Status     MoneyStatus
	Captured   money.Amount
	Refunded   money.Amount // given back so far
	Lost       money.Amount // taken by disputes that were lost
	Receipt    string       // "" for overflow
	Method     string
	PaidAt     time.Time
	CustomerID customer.ID // whose it is, "" for overflow
}

// Effect is something that an accepted payment causes, once, in the transaction
// that records it. Name tells effects of one payment apart and must not change.
type Effect struct {
	Name string
	Do   func(ctx context.Context, tx *db.Tx, p Payment) error
}

// MovementKind says what happened to money after it was taken.
type MovementKind string

// The kinds of movements.
const (
	MoneyRefunded   MovementKind = "refunded"
	RefundStuck     MovementKind = "refund_failed"
	DisputeOpened   MovementKind = "disputed"
	DisputeClosed   MovementKind = "dispute_won"      // the money had stayed
	DisputeTaken    MovementKind = "dispute_lost"     // the money is gone
	DisputeReversed MovementKind = "dispute_reversed" // and came back
)

// Movement is something that happened to a payment's money, once.
type Movement struct {
	Payment        // as it stands behind it
	Kind           MovementKind
	ID             string // of the refund or dispute
	Amount         money.Amount
	Reason         string // the merchant's for a refund, the bank's for a dispute
	At             time.Time
	ByUs           bool // we asked for it, and not the merchant at the provider
	ReturnsTheSlot bool
}

// Reaction is something that a movement causes, in the transaction that records
// it.
type Reaction struct {
	Name string
	Do   func(ctx context.Context, tx *db.Tx, m Movement) error
}

// End is something that an attempt causes that ended without money, once, in
// the transaction that ends it. Money may still come late.
type End struct {
	Name string
	Do   func(ctx context.Context, tx *db.Tx, a Attempt) error
}

// HoldFor is how long a checkout may be paid, and a slot is held: the shortest
// that Stripe's Checkout Sessions allow.
const HoldFor = 30 * time.Minute

// Config is what payments are made of.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // tries webhooks again
	Links      *link.Links
	Businesses *business.Businesses
	Customers  *customer.Customers
	// Providers by name.
	Providers map[string]Provider
	// OnStart is what the beginning of an attempt causes, in its transaction;
	// nil: nothing.
	OnStart func(ctx context.Context, tx *db.Tx, a Attempt) error
	// Effects of an accepted payment, in their order.
	Effects []Effect
	// Reactions to what happens to money afterwards, in their order.
	Reactions []Reaction
	// Ends are what attempts cause that ended without money, in their order.
	Ends []End
	// PublicURL is where payers come back to, without a path.
	PublicURL string
	// HookURL is where the sandbox reports; PublicURL when empty.
	HookURL string
	// Limits caps live holds by source.
	Limits bool
	// SourceKey turns payers' addresses into what is stored to count their holds.
	SourceKey []byte
	Log       *slog.Logger
}

// Payments is the store of attempts and payments. It is safe for concurrent use.
type Payments struct {
	Config
	glances glances
	pace    pace // of the poller
}

// New returns the store. It tries webhooks again once the queue is started.
func New(c Config) *Payments {
	if c.HookURL == "" {
		c.HookURL = c.PublicURL
	}
	p := &Payments{Config: c}
	c.Queue.Handle(retryWork, p.retryJob)
	return p
}
