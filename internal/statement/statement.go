// Package statement takes in what banks say of a business's account: which transfers came.
// A file is read and matched to what payers were asked for; nothing counts before somebody
// books it, what is doubtful waits for them, and each entry counts once.
package statement

import (
	"context"
	"log/slog"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/secret"
	"smartlinks/internal/statement/bankfile"
)

// ID names a statement: "stm_…".
type ID string

// EntryID names an entry of one: "ste_…".
type EntryID string

// Status is how a statement stands.
type Status string

// The statuses.
const (
	Preview Status = "preview" // nothing counts yet
	Booked  Status = "booked"
)

// State is what becomes of an entry.
type State string

// The states.
const (
	Matched  State = "matched"  // it is somebody's payment
	Doubtful State = "doubtful" // a person must say what it is
	LeftOut  State = "left_out" // it counts for nothing here
)

// Reason says why an entry is in its state.
type Reason string

// The reasons.
const (
	ByReference Reason = "reference" // matched: reference and amount fit

	NoReference      Reason = "no_reference"
	UnknownReference Reason = "unknown_reference" // it has a creditor reference, which is none of ours
	Less             Reason = "less"
	More             Reason = "more"
	TwoReferences    Reason = "two_references"
	PaidAlready      Reason = "paid_already"
	ByHand           Reason = "by_hand"      // it may be what a member recorded
	OtherFormat      Reason = "other_format" // another format told of the same
	OtherMode        Reason = "other_mode"
	OtherCurrency    Reason = "other_currency"
	TooEarly         Reason = "too_early" // booked before the day before it was asked for
	InFuture         Reason = "in_future"
	TakenBack        Reason = "reversal"
	UnclearBatch     Reason = "unclear_batch"

	Outgoing      Reason = "outgoing"
	NotBooked     Reason = "pending"
	CountedBefore Reason = "counted_before"
	OtherAccount  Reason = "other_account"
	Nothing       Reason = "nothing" // 0.00: banks tell of advice and closed accounts so

	Decided      Reason = "decided"  // somebody said whose it is
	SentBack     Reason = "returned" // somebody said that it went back
	NotOurs      Reason = "not_ours" // somebody said so
	WasRecorded  Reason = "recorded" // it is the money of a payment that was recorded
	ToBeReturned Reason = "give_back"
)

// Act is what a person decides of a doubtful entry.
type Act string

// The acts.
const (
	Accept   Act = "accept"    // it is the payment that it seems to be, of the amount that came
	Assign   Act = "assign"    // it is another payment
	Returned Act = "returned"  // it went back to its payer
	Foreign  Act = "not_ours"  // it is no payment of this business's links
	ToReturn Act = "give_back" // it is to go back: a task that waits
)

// Statement is a file that was read.
type Statement struct {
	ID         ID
	BusinessID business.ID
	Mode       business.Mode
	Status     Status
	Format     bankfile.Format
	Name       string // of the file
	Account    string // the IBAN it is of
	FirstDay   string
	LastDay    string
	Entries    int64
	CameMinor  int64 // all its credits
	CreatedAt  time.Time
	CreatedBy  string
	BookedAt   time.Time
	BookedBy   string
}

// Received is all money that came, by the file.
func (s Statement) Received() money.Amount { return money.Amount{Minor: s.CameMinor, Currency: euro} }

// Entry is what a statement says of one movement. Of one that is left out only why is known.
type Entry struct {
	ID          EntryID
	StatementID ID
	Number      int64
	State       State
	Reason      Reason
	Amount      money.Amount
	Day         string
	Said        string
	Payer       string
	Reference   string // the creditor reference in it, "" for none or several
	IBANHint    string // country and last digits of the payer's IBAN, "" without one
	PaymentID   attempt.ID
	Act         Act
	ActedBy     string
	ActedAt     time.Time
	ReturnedOn  string
	Waits       bool // for somebody to decide
	Taken       bool // it is the money of its payment
	Settling    bool // and that is being settled
	Reversal    bool
}

// Config is what statements are made of.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue
	Businesses *business.Businesses
	Payments   *payment.Payments
	Transfers  *banktransfer.Transfers
	Audit      *audit.Log
	Sealer     *secret.Sealer // seals payers' IBANs
	Log        *slog.Logger
}

// Statements is the store. It is safe for concurrent use.
type Statements struct {
	Config
	settling job.Work[due]
}

// due names an entry whose payment is to be settled.
type due struct {
	BusinessID business.ID
	ID         EntryID
}

func (d due) key() []any    { return []any{d.ID} }
func (d due) group() string { return string(d.BusinessID) }

// New returns the store. What was booked is settled once the queue is started.
func New(c Config) *Statements {
	s := &Statements{Config: c}
	s.settling = job.Add(s.Queue, job.Kind[due]{
		Name: "statements", AtOnce: 4, AtOnceEach: 2, KeyOf: due.key, GroupOf: due.group,
		Rows: job.Rows{Table: "statement_entries", Key: []string{"id"}, Group: "business_id", Returning: "business_id, id"},
		Do:   s.settle,
	})
	return s
}

// SettleDue settles what was booked and is due: for whoever must know that all is done,
// such as the test clock.
func (s *Statements) SettleDue(ctx context.Context) error {
	_, err := s.settling.Drain(ctx)
	return err
}

var (
	errNone      = fault.New(fault.NotFound, "There is no such statement.")
	errNoEntry   = fault.New(fault.NotFound, "There is no such entry.")
	errNoAccount = fault.New(fault.Conflict, "There is no bank account yet. An owner sets it in Settings, Bank transfer; then statements of that account can be read.")
	errBooked    = fault.New(fault.Conflict, "This statement was booked before. It can’t be discarded.")
	errDecided   = fault.New(fault.Conflict, "Somebody has decided on this entry before.")
)

func wrongFile(err error) error {
	var wrong fault.Fields
	wrong.Add("file", "file.unreadable", err.Error())
	return wrong.Err()
}
