// Package recovery asks people again who began to pay and did not finish: by one mail, by
// hand or by itself some hours later, whose token brings back what they typed. Nobody is
// asked who has paid since, tries again, is reminded of the link already, wants no mail or
// would find the link closed: that is looked at when the mail is planned and once more when
// it is sent.
package recovery

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/product"
	"smartlinks/internal/secret"
)

// lasts is how long the token of a mail brings a form back, and how long its payer is not
// asked again for the same.
const lasts = 7 * 24 * time.Hour

// ID names a mail that asks again: "rcv_…".
type ID string

// State is how far it is.
type State string

// The states.
const (
	Planned State = "planned" // it goes out by itself, unless something speaks against it then
	Sent    State = "sent"
	LeftOut State = "left_out" // something spoke against it when its time came
)

// Recovery is the mail about one attempt.
type Recovery struct {
	ID         ID
	BusinessID business.ID
	AttemptID  attempt.ID
	State      State
	Reason     Obstacle // of LeftOut
	ByHand     bool
	Token      string
	SendAt     time.Time
	SentAt     *time.Time
	EndsAt     *time.Time // of the token
}

// Config is what mails are asked by.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Payments   *payment.Payments
	Messages   *message.Messages
	Addresses  address.Book
}

// Recoveries is the store. It is safe for concurrent use.
type Recoveries struct {
	Config
	work job.Work[due]
}

// due names a mail whose time has come.
type due struct {
	BusinessID business.ID
	ID         ID
}

func (d due) key() []any    { return []any{d.ID} }
func (d due) group() string { return string(d.BusinessID) }

// New returns the store. Planned mails go out once the queue is started.
func New(c Config) *Recoveries {
	s := &Recoveries{Config: c}
	s.work = job.Add(s.Queue, job.Kind[due]{
		Name: "recovery", AtOnce: 4, AtOnceEach: 2, KeyOf: due.key, GroupOf: due.group,
		Rows: job.Rows{Table: "recoveries", Key: []string{"id"}, Group: "business_id", Returning: "business_id, id"},
		Do:   s.fallDue,
	})
	return s
}

// SendDue sends what is due: for whoever must know that all is sent, such as the test clock.
func (s *Recoveries) SendDue(ctx context.Context) error {
	_, err := s.work.Drain(ctx)
	return err
}

// row is a line of recoveries.
type row struct {
	ID         ID
	BusinessID business.ID
	Mode       business.Mode
	AttemptID  attempt.ID
	State      State
	Reason     Obstacle
	ByHand     bool
	Token      string
	StopToken  string
	SendAt     db.Time
	SentAt     db.Time
	EndsAt     db.Time
}

const columns = `id, business_id, mode, attempt_id, state, reason, by_hand, token, stop_token, send_at, sent_at, ends_at`

func (r row) recovery() Recovery {
	return Recovery{r.ID, r.BusinessID, r.AttemptID, r.State, r.Reason, r.ByHand, r.Token, r.SendAt.Time, r.SentAt.Ptr(), r.EndsAt.Ptr()}
}

// plan writes a mail down. False: the attempt has one already.
func (s *Recoveries) plan(ctx context.Context, tx *db.Tx, a attempt.Attempt, at time.Time, byHand bool) (bool, error) {
	id, err := tx.NewID("rcv")
	if err != nil {
		return false, err
	}
	token, err := secret.Short(s.DB.Random())
	if err != nil {
		return false, err
	}
	stop, err := secret.Short(s.DB.Random())
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO recoveries (id, business_id, mode, attempt_id, state, by_hand, token, stop_token, send_at, due_at, created_at)
		VALUES ($1, $2, $3, $4, 'planned', $5, $6, $7, $8, $8, $9) ON CONFLICT (attempt_id) DO NOTHING`,
		id, a.BusinessID, a.Mode, a.ID, byHand, token, stop, db.At(at), db.At(tx.Now()))
	return n > 0, err
}

// Of are the mails about attempts, by attempt.
func (s *Recoveries) Of(ctx context.Context, from db.Reader, businessID business.ID, ids []attempt.ID) (map[attempt.ID]Recovery, error) {
	all := map[attempt.ID]Recovery{}
	if len(ids) == 0 {
		return all, nil
	}
	arguments := []any{businessID}
	for _, id := range ids {
		arguments = append(arguments, id)
	}
	var rows []row
	err := from.Select(ctx, &rows, `SELECT `+columns+` FROM recoveries WHERE business_id = $1 AND attempt_id IN (`+db.In(len(ids), 2)+`)`, arguments...)
	for _, r := range rows {
		all[r.AttemptID] = r.recovery()
	}
	return all, err
}

var errNoToken = fault.New(fault.NotFound, "There is no such link.")

// ByToken is the mail whose token it is, whosever it is, or a NotFound fault. What it brings
// back is another question: Restore.
func (s *Recoveries) ByToken(ctx context.Context, token string) (Recovery, error) {
	return s.one(ctx, `token = $1`, token)
}

// ByOptOutToken is the mail whose reader opts out by the token, or a NotFound fault.
func (s *Recoveries) ByOptOutToken(ctx context.Context, token string) (Recovery, error) {
	return s.one(ctx, `stop_token = $1`, token)
}

func (s *Recoveries) one(ctx context.Context, where, token string) (Recovery, error) {
	var r row
	err := s.DB.Get(ctx, &r, `SELECT `+columns+` FROM recoveries WHERE sent_at IS NOT NULL AND `+where, token)
	if errors.Is(err, db.ErrNoRows) {
		return Recovery{}, errNoToken
	}
	return r.recovery(), err
}

// Restore is the attempt that a token brings back; false once it has ended, because its
// time has passed or its payer has paid.
func (s *Recoveries) Restore(ctx context.Context, businessID business.ID, token string) (v history.View, may bool, err error) {
	r, err := s.ByToken(ctx, token)
	if fault.Is(err, fault.NotFound) || err == nil && r.BusinessID != businessID {
		return v, false, nil
	}
	if err != nil {
		return v, false, err
	}
	if v, err = s.Payments.Get(ctx, businessID, r.AttemptID); err != nil {
		return v, false, err
	}
	if r.EndsAt == nil || !s.DB.Clock().Now().Before(*r.EndsAt) || v.Payer.Email == "" {
		return v, false, nil
	}
	f, err := s.facts(ctx, s.DB, businessID, []attempt.ID{v.ID})
	return v, err == nil && !f[v.ID].Paid && v.PaidAt.IsZero(), err
}
