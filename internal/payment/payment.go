package payment

import (
	"context"
	"log/slog"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/batch"
	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/poll"
	"smartlinks/internal/payment/provider"
)

// Payment is money that a provider confirmed, as effects see it.
type Payment struct {
	attempt.Attempt
	Status     attempt.MoneyStatus
	Captured   money.Amount
	Refunded   money.Amount // given back so far
	Lost       money.Amount // taken by disputes that were lost
	Receipt    string       // "" for overflow
	Method     string
	PaidAt     time.Time
	numberedAt time.Time   // gives its receipt the year
	CustomerID customer.ID // whose it is, "" for overflow
	// Slots are what the link had taken with this one, as it was accepted.
	Slots link.Taken
}

// Reached reports whether the link had all of its payments with this one.
func (p Payment) Reached() bool { return p.Slots.Full() }

// Last reports whether it is the last payment that the link takes. Of many payments one
// is.
func (p Payment) Last() bool { return p.Reached() && !p.Slots.Before(p.Quantity).Full() }

// almostFull is how many payments are left of a limit that is almost reached: as many as
// the badge is orange for.
const almostFull = 3

// AlmostFull reports whether as few payments are left of the link's limit. A limit that
// had no more from the start is never almost full.
func (p Payment) AlmostFull() bool {
	return p.Slots.Capacity != nil && *p.Slots.Capacity > almostFull && !p.Slots.Full() && p.Slots.Left() <= almostFull
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
	CreditNote     string // of a refund, "" where the payment has no receipt
	Decided        bool   // of a dispute that was opened: it had ended when we heard of it, so there is nothing to answer
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
	Do   func(ctx context.Context, tx *db.Tx, a attempt.Attempt) error
}

// Config is what payments are made of.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // polls attempts, and tries webhooks again
	Links      *link.Links
	Businesses *business.Businesses
	Customers  *customer.Customers
	Coupons    *coupon.Coupons
	// Providers by name.
	Providers map[string]provider.Provider
	// OnPending is what follows when money is on its way, in the transaction; may be nil.
	OnPending func(ctx context.Context, tx *db.Tx, a attempt.Attempt) error
	Offers    Offers // of waiting lists; nil where nobody offers slots
	// OnStart is what the beginning of an attempt causes, in its transaction;
	// nil: nothing.
	OnStart func(ctx context.Context, tx *db.Tx, b business.Business, all ...attempt.Attempt) error
	// Effects of an accepted payment, in their order.
	Effects []Effect
	// Reactions to what happens to money afterwards, in their order.
	Reactions []Reaction
	// Ends are what attempts cause that ended without money, in their order.
	Ends []End
	// Addresses makes our web addresses.
	Addresses address.Book
	// HookURL is where the sandbox reports; our public address when empty.
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
	*history.Reader
	starts      *batch.Queue[contested, *starting]
	openings    *batch.Queue[provider.Account, *opening]
	settlements *batch.Queue[provider.Account, *settling]
	throttle    poll.Throttle
	pace        poll.Rate // of the poller
	polls       job.Work[attempt.Row]
	inbox       job.Work[hook]
}

// New returns the store. It tries webhooks again once the queue is started.
func New(c Config) *Payments {
	if c.HookURL == "" {
		c.HookURL = c.Addresses.Origin()
	}
	p := &Payments{Config: c, Reader: history.New(c.DB, c.Links, c.Customers)}
	p.starts = batch.New(mostStarted, p.startAll)
	p.openings = batch.New(mostOpened, p.openAll)
	p.settlements = batch.New(mostSettled, p.settleAll)
	p.addWork()
	return p
}
