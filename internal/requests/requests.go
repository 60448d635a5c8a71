// Package requests asks many people for money at once: each row of a batch becomes a
// personal link that can be paid once, and is sent. A row is made and its message queued
// by one transaction, which also says so in the row: however often a process is killed,
// nobody gets two.
package requests

import (
	"context"
	"errors"
	"regexp"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/publish"
	"smartlinks/internal/reminder"
)

// MaxRows bounds a batch.
const MaxRows = 1000

// sameWithin is how long the same rows are one batch.
const sameWithin = 24 * time.Hour

// ID names a batch: "req_…".
type ID string

// State is how far a batch is.
type State string

// The states. A draft waits for somebody to start it.
const (
	Draft     State = "draft"
	Scheduled State = "scheduled" // its time has not come
	Running   State = "running"
	Stopped   State = "stopped"
	Done      State = "done"
)

// RowState is what became of a row.
type RowState string

// The states of a row.
const (
	Waiting    RowState = "waiting"
	Sent       RowState = "sent"
	Failed     RowState = "failed"
	RowStopped RowState = "stopped"
)

// Row is whom to ask, and for what.
type Row struct {
	Number             int64 // from 1
	Name, Email, Phone string
	Amount             money.Amount
	Reference          string
	Variables          map[string]string // of the message
	State              RowState
	Reason             string // why it failed, a sentence for people
	LinkID             link.ID
}

// How says how the rows are sent.
type How struct {
	Channels  []message.Channel
	Message   string             // the merchant's own words, "" for ours
	Reminders *reminder.Settings // nil for none
	At        *time.Time         // nil for at once
	Again     bool               // although the same rows were sent within a day
}

// Batch is a batch without its rows.
type Batch struct {
	ID                           ID
	Name                         string
	File                         string // that it was read from, "" for none
	State                        State
	How                          How
	Total, Waiting, Sent, Failed int64
	CreatedAt                    time.Time
	StartedAt, FinishedAt        *time.Time
}

// Config is what batches are made with.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue
	Businesses *business.Businesses
	Links      *link.Links
	Customers  *customer.Customers
	Deliveries *delivery.Deliveries
	Publish    *publish.Publisher
}

// Requests is the store of batches. It is safe for concurrent use.
type Requests struct {
	Config
	work job.Work[open]
}

// open names a batch that goes on.
type open struct {
	BusinessID business.ID
	ID         ID
}

func (o open) key() []any    { return []any{o.ID} }
func (o open) group() string { return string(o.BusinessID) }

// New returns the store. It works on batches once the queue is started.
func New(c Config) *Requests {
	s := &Requests{Config: c}
	s.work = job.Add(s.Queue, job.Kind[open]{
		Name: "request batches", AtOnce: 4, AtOnceEach: 2, KeyOf: open.key, GroupOf: open.group,
		Rows: job.Rows{Table: "request_batches", Key: []string{"id"}, Group: "business_id", Returning: "business_id, id"},
		Do:   func(ctx context.Context, o open) error { return s.proceed(ctx, o) },
	})
	return s
}

// ContinueDue does what is due and returns when nothing is left: for whoever must know
// that all is sent, such as the test clock.
func (s *Requests) ContinueDue(ctx context.Context) error {
	_, err := s.work.Drain(ctx)
	return err
}

// SameError says that the same rows were sent within a day.
type SameError struct {
	Fault  *fault.Error
	Before ID
}

func (e *SameError) Error() string { return e.Fault.Error() }

// Unwrap is the fault.
func (e *SameError) Unwrap() error { return e.Fault }

// SameAs is the batch with the same rows, when that is what the error says.
func SameAs(err error) (ID, bool) {
	var same *SameError
	if errors.As(err, &same) {
		return same.Before, true
	}
	return "", false
}

// variable is a word in braces, as package delivery reads it.
var variable = regexp.MustCompile(`\{\s*([a-z][a-z_]*)\s*\}`)
