// Package sandbox is a payment provider that moves play money. It behaves as a
// third party: it keeps its own tables, has its own checkout page, and reports
// by signed webhooks over HTTP.
package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Name is the provider's name in URLs and columns.
const Name = "sandbox"

// ID names a checkout: "sbx_…".
type ID string

// Outcome is what the payer chose on the checkout page.
type Outcome string

// The outcomes.
const (
	Paid     Outcome = "paid"
	Pending  Outcome = "pending"
	Failed   Outcome = "failed"
	Canceled Outcome = "canceled"
	Expired  Outcome = "expired"

	// What the payer's bank does once it is paid.
	Disputed    Outcome = "disputed"
	DisputeWon  Outcome = "dispute_won"
	DisputeLost Outcome = "dispute_lost"
)

// Payment is a checkout as its page shows it.
type Payment struct {
	ID          ID
	Description string
	Amount      money.Amount
	Status      provider.RemoteStatus
	ReturnURL   string
}

// Sandbox is the provider. It is safe for concurrent use.
type Sandbox struct {
	d         *db.DB
	secret    []byte
	addresses address.Book
	client    *http.Client
	log       *slog.Logger
	queue     *job.Queue
	hooks     job.Work[hook]
	silent    silence
}

// New returns the provider. Webhooks are signed with secret, checkout pages are
// at an address of the book, and client sends the webhooks.
func New(d *db.DB, queue *job.Queue, secret []byte, addresses address.Book, client *http.Client, log *slog.Logger) *Sandbox {
	s := &Sandbox{d: d, queue: queue, secret: secret, addresses: addresses, client: client, log: log}
	s.addWork()
	return s
}

// row is a checkout as it is stored.
type row struct {
	ID            ID
	Account       business.ID
	AmountMinor   int64
	Currency      money.Currency
	Description   string
	Metadata      attempt.ID
	Status        provider.RemoteStatus
	RefundedMinor int64
	RefundsFail   bool
	ReturnURL     string `db:"return_url"`
	WebhookURL    string `db:"webhook_url"`
	ExpiresAt     db.Time
	PaidAt        db.Time
}

const columns = `id, account, amount_minor, currency, description, metadata, status, refunded_minor, refunds_fail, return_url, webhook_url, expires_at, paid_at`

// now is how the checkout stands at the instant: an open one expires by itself,
// and an expired one may be paid all the same.
func (r row) now(at time.Time) provider.RemoteStatus {
	switch {
	case r.Status == provider.RemoteOpen && !at.Before(r.ExpiresAt.Time):
		return provider.RemoteExpired
	case r.Status == provider.RemoteExpired && !r.PaidAt.IsZero() && !at.Before(r.PaidAt.Time):
		return provider.RemotePaid
	}
	return r.Status
}

func (r row) amount() money.Amount { return money.Amount{Minor: r.AmountMinor, Currency: r.Currency} }

// Get is the checkout for its page, or a NotFound fault.
func (s *Sandbox) Get(ctx context.Context, id string) (Payment, error) {
	r, err := s.find(ctx, s.d, id)
	return Payment{ID: r.ID, Description: r.Description, Amount: r.amount(), Status: r.now(s.d.Clock().Now()), ReturnURL: r.ReturnURL}, err
}

func (s *Sandbox) find(ctx context.Context, from db.Reader, id string) (r row, err error) {
	err = from.Get(ctx, &r, `SELECT `+columns+` FROM sandbox_payments WHERE id = $1`, id)
	return r, orNotFound(err)
}

func orNotFound(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such checkout.")
	}
	return err
}
