// Package waitinglist keeps who waits for a slot of a full link. A slot that comes free
// is offered, in the transaction that frees it, to the first whose number fits: it is held
// for them for a time and counts against the limit like any other hold, until they pay,
// decline or let the time pass; then it goes to the next. The public page stays closed
// while anybody waits.
//
// All changes of one link's list are made under the lock of its row of slots, which is
// taken first, so that they come one after another on both databases.
package waitinglist

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
	"smartlinks/internal/payment/attempt"
)

// ID names an entry: "wtl_…".
type ID string

// State is how an entry stands.
type State string

// The states.
const (
	Waiting  State = "waiting"
	Offered  State = "offered"  // slots are held until OfferedUntil
	Taken    State = "taken"    // they pay, or have paid: an attempt that ends without money gives it back
	Declined State = "declined" // they no longer want it
	Ended    State = "ended"    // the offer's time has passed, or the list ended
)

// Entry is somebody on a waiting list.
type Entry struct {
	ID           ID
	BusinessID   business.ID
	LinkID       link.ID
	Mode         business.Mode
	Number       int64 // the order of joining
	Email        string
	Language     string
	Quantity     int64
	State        State
	Token        string
	OfferedUntil *time.Time
	AttemptID    attempt.ID // that took the offer last, "" for none
	CreatedAt    time.Time
}

// Config is what the list needs.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue
	Businesses *business.Businesses
	Links      *link.Links
	Messages   *message.Messages
	Addresses  address.Book
}

// List is the store of waiting lists. It is safe for concurrent use.
type List struct {
	Config
	offers  job.Work[due]
	joined  []func(ctx context.Context, tx *db.Tx, e Entry) error
	offered []func(ctx context.Context, tx *db.Tx, e Entry) error
}

// New returns the store. It hears of slots that come free and of changed links; offers
// end, and links open, once the queue is started.
func New(c Config) *List {
	s := &List{Config: c}
	s.addWork()
	s.Links.OnFree(s.fill)
	s.Links.OnChange(s.linkChanged)
	return s
}

// OnJoined adds what else happens when somebody joins, in the transaction. It is for
// wiring, before the store is used.
func (s *List) OnJoined(do func(ctx context.Context, tx *db.Tx, e Entry) error) {
	s.joined = append(s.joined, do)
}

// OnOffered adds what else happens when slots are offered.
func (s *List) OnOffered(do func(ctx context.Context, tx *db.Tx, e Entry) error) {
	s.offered = append(s.offered, do)
}

var (
	errNoList  = fault.New(fault.NotFound, "This link has no waiting list at the moment.")
	errNoEntry = fault.New(fault.NotFound, "There is no such entry on the waiting list.")
	// ErrFree says that nobody need wait: a slot is free.
	ErrFree = fault.New(fault.Conflict, "A place is free. Open the page again and pay.")
)

// row is a line of waiting_entries.
type row struct {
	ID           ID
	BusinessID   business.ID
	LinkID       link.ID
	Mode         business.Mode
	Number       int64
	Email        string
	Language     string
	Quantity     int64
	State        State
	Token        string
	OfferedUntil db.Time
	AttemptID    attempt.ID
	CreatedAt    db.Time
}

const columns = `id, business_id, link_id, mode, number, email, language, quantity, state, token, offered_until, COALESCE(attempt_id, '') AS attempt_id, created_at`

func (r row) entry() Entry {
	return Entry{r.ID, r.BusinessID, r.LinkID, r.Mode, r.Number, r.Email, r.Language, r.Quantity, r.State, r.Token, r.OfferedUntil.Ptr(), r.AttemptID, r.CreatedAt.Time}
}

// Get is an entry of the business, or a NotFound fault.
func (s *List) Get(ctx context.Context, from db.Reader, businessID business.ID, id ID) (Entry, error) {
	var r row
	err := from.Get(ctx, &r, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Entry{}, errNoEntry
	}
	return r.entry(), err
}

// ByToken is the entry of a mail's token, whosever it is, or a NotFound fault.
func (s *List) ByToken(ctx context.Context, token string) (Entry, error) {
	var r row
	err := s.DB.Get(ctx, &r, `SELECT `+columns+` FROM waiting_entries WHERE token = $1`, token)
	if errors.Is(err, db.ErrNoRows) {
		return Entry{}, errNoEntry
	}
	return r.entry(), err
}

// Before is how many wait before an entry.
func (s *List) Before(ctx context.Context, e Entry) (n int64, err error) {
	err = s.DB.Get(ctx, &n, `SELECT COUNT(*) FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state = 'waiting' AND number < $4`,
		e.BusinessID, e.LinkID, e.Mode, e.Number)
	return n, err
}

// maxListed bounds how many entries are listed.
const maxListed = 1000

// Of are the entries of a link's list: those who wait or have an offer in their order, then
// the others, a thousand at most.
func (s *List) Of(ctx context.Context, b business.Business, id link.ID) ([]Entry, error) {
	var rows []row
	err := s.DB.Select(ctx, &rows, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3
		ORDER BY CASE WHEN state IN ('waiting', 'offered') THEN 0 ELSE 1 END, number LIMIT $4`, b.ID, id, b.Mode, maxListed)
	all := make([]Entry, len(rows))
	for i, r := range rows {
		all[i] = r.entry()
	}
	return all, err
}

// CountWaiting is how many wait for a link.
func (s *List) CountWaiting(ctx context.Context, b business.Business, id link.ID) (n int64, err error) {
	err = s.DB.Get(ctx, &n, `SELECT COUNT(*) FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state = 'waiting'`, b.ID, id, b.Mode)
	return n, err
}
