// Package delivery brings links to customers: who got which link by which
// message, what became of each message, and who wants none any more.
package delivery

import (
	"context"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// RecipientID names a recipient: "rcp_…".
type RecipientID string

// Recipient is a customer to whom a link was sent. There is one for each link,
// mode and customer.
type Recipient struct {
	ID         RecipientID
	BusinessID business.ID
	LinkID     link.ID
	Mode       business.Mode
	CustomerID customer.ID // "" when the customer was deleted
	CreatedAt  time.Time
}

// Kind tells the first send from what follows.
type Kind string

// The kinds.
const (
	KindSend     Kind = "send"
	KindReminder Kind = "reminder"
)

// SendID names a send: "snd_…".
type SendID string

// Send is one occasion on which a link went to a recipient, by all its channels.
type Send struct {
	ID          SendID
	BusinessID  business.ID
	LinkID      link.ID
	RecipientID RecipientID
	CustomerID  customer.ID // "" when the customer was deleted
	Mode        business.Mode
	Kind        Kind
	Number      int64  // of a reminder, from 1
	Message     string // the merchant's own words, "" for ours
	// Status is Queued while one of the deliveries is, else the best of theirs.
	Status     message.State
	At         time.Time
	Deliveries []Delivery // by channel: email first
	// TooLong says why its SMS is too long to be sent; "" when it isn't. It is known
	// of a new send alone.
	TooLong string
	// Skipped says why a reminder did not go out at At, by Channels; "" when it
	// did. It has no deliveries.
	Skipped  string
	Channels []message.Channel
}

// Delivery is one message of a send.
type Delivery struct {
	ID          string // "dlv_…"
	Channel     message.Channel
	Address     string // at the time; "" when there was none
	Token       string // behind /r/
	OptOutToken string // behind /s/; only where the message is made, for nobody else needs it
	URL         string // the recipient's own way to the link
	Status      message.State
	Reason      string // why it waits or failed, a sentence for people
	GatewayID   string
	SentAt      *time.Time
	DeliveredAt *time.Time
	UpdatedAt   time.Time
}

// Config is what the room needs.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // continues a send to many
	Businesses *business.Businesses
	Links      *link.Links
	Customers  *customer.Customers
	Messages   *message.Messages
	// Addresses makes our web addresses.
	Addresses address.Book
}

// Deliveries is the store of recipients, sends and deliveries. It is safe for
// concurrent use.
type Deliveries struct {
	Config
	batches    job.Work[openBatch]
	later      job.Work[openLater]
	made       []func(ctx context.Context, tx *db.Tx, b business.Business, s Send) error
	moved      []func(ctx context.Context, tx *db.Tx, s Send) error
	stepped    []func(ctx context.Context, tx *db.Tx, s Send, d Delivery) error
	optedOut   []func(ctx context.Context, tx *db.Tx, o OptOut) error
	writtenOff []func(ctx context.Context, tx *db.Tx, businessID business.ID, off Suppression) error
	joined     []func(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone RecipientID) error
}

// New returns the store. It listens to the steps of its messages and to what people
// answer an SMS with, and works on batches once the queue is started.
func New(c Config) *Deliveries {
	s := &Deliveries{Config: c}
	c.Messages.OnChange(keyPrefix, s.onChange)
	c.Messages.OnAnswer(s.onAnswer)
	s.addWork()
	s.addLater()
	return s
}

// OnMade adds what else a new send does, in its transaction. This and the other
// On… are for wiring, before the store is used.
func (s *Deliveries) OnMade(do func(ctx context.Context, tx *db.Tx, b business.Business, made Send) error) {
	s.made = append(s.made, do)
}

// OnStatus adds what else happens when a send's status becomes another.
func (s *Deliveries) OnStatus(do func(ctx context.Context, tx *db.Tx, moved Send) error) {
	s.moved = append(s.moved, do)
}

// OnStep adds what else happens when one message of a send moves on, or can't be
// sent from the start.
func (s *Deliveries) OnStep(do func(ctx context.Context, tx *db.Tx, sent Send, d Delivery) error) {
	s.stepped = append(s.stepped, do)
}

// OnOptOut adds what else happens when an address opts out.
func (s *Deliveries) OnOptOut(do func(ctx context.Context, tx *db.Tx, o OptOut) error) {
	s.optedOut = append(s.optedOut, do)
}

// OnWrittenOff adds what else happens when an address gets nothing more, because a message
// came back or its reader complained.
func (s *Deliveries) OnWrittenOff(do func(ctx context.Context, tx *db.Tx, businessID business.ID, off Suppression) error) {
	s.writtenOff = append(s.writtenOff, do)
}

// OnJoin adds what else happens when two recipients of a link turn out to be
// one customer: gone is deleted afterwards.
func (s *Deliveries) OnJoin(do func(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone RecipientID) error) {
	s.joined = append(s.joined, do)
}
