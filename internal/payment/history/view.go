package history

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// NoteOrder is the order in which refunds went through: in one instant, that of their numbers.
const NoteOrder = `r.done_at, LENGTH(r.credit_note), r.credit_note, r.id`

// View is an attempt with the payment that it became.
type View struct {
	attempt.Attempt
	ProductSlug string      // "" without a product
	CustomerID  customer.ID // "" until it is accepted, and after the customer was deleted
	Receipt     string      // "" until it is accepted
	Method      string
	PaidAt      time.Time // zero until it is paid

	status   Status
	money    attempt.MoneyStatus
	late     bool
	refunded int64
	reserved int64
	lost     int64
	dispute  provider.DisputeState
	resolved bool
	double   bool
	notes    string
}

// viewRow is a View as it is stored.
type viewRow struct {
	attempt.Row
	ProductSlug   string
	CustomerID    *customer.ID
	Receipt       string
	Method        string
	PaidAt        db.Time
	Status        Status
	MoneyStatus   attempt.MoneyStatus
	Late          bool
	RefundedMinor int64
	ReservedMinor int64
	LostMinor     int64
	Dispute       provider.DisputeState
	Resolved      bool
	PaidTwice     bool
	CreditNotes   string
}

// ViewColumns are the columns of an attempt with its payment; attempts is a, payments p.
var ViewColumns = attempt.Columns + `, COALESCE(pr.slug, '') AS product_slug, p.customer_id, COALESCE(p.receipt, '') AS receipt,
	COALESCE(p.method, '') AS method, p.paid_at, ` + statusCase + ` AS status, COALESCE(p.status, '') AS money_status,
	COALESCE(p.late, FALSE) AS late, COALESCE(p.refunded_minor, 0) AS refunded_minor, COALESCE(p.reserved_minor, 0) AS reserved_minor,
	COALESCE(p.lost_minor, 0) AS lost_minor, COALESCE(` + worstDispute + `, '') AS dispute, a.looked_at IS NOT NULL AS resolved, CASE WHEN a.double_of = '' THEN FALSE ELSE ` + isDouble + ` END AS paid_twice, COALESCE(` + creditNotes + `, '') AS credit_notes`

// creditNotes are the numbers of a payment's credit notes in one text.
const creditNotes = `CASE WHEN p.refunded_minor > 0 OR p.captured_minor = 0 THEN (SELECT STRING_AGG(r.credit_note, ' ' ORDER BY ` + NoteOrder + `)
	FROM refunds r WHERE r.payment_id = p.id AND r.credit_note <> '') END`

// worstDispute is the state of the dispute that matters most.
const worstDispute = `CASE WHEN p.disputed_minor > 0 THEN (SELECT MIN(CASE d.state WHEN 'open' THEN '1open' WHEN 'lost' THEN '2lost' ELSE '3won' END)
	FROM disputes d WHERE d.payment_id = p.id) END`

// ViewTables are the tables of ViewColumns.
const ViewTables = ` FROM attempts a LEFT JOIN payments p ON p.id = a.id LEFT JOIN products pr ON pr.id = a.product_id`

// Get returns an attempt of the business, or a NotFound fault.
func (r *Reader) Get(ctx context.Context, businessID business.ID, id attempt.ID) (View, error) {
	return oneView(ctx, r.db, ` WHERE a.business_id = $1 AND a.id = $2`, businessID, id)
}

// GetTx is Get inside a transaction of the caller's.
func (r *Reader) GetTx(ctx context.Context, tx *db.Tx, businessID business.ID, id attempt.ID) (View, error) {
	return oneView(ctx, tx, ` WHERE a.business_id = $1 AND a.id = $2`, businessID, id)
}

// ByPublicID is for the payer, whom the id itself lets in.
func (r *Reader) ByPublicID(ctx context.Context, id attempt.ID) (View, error) {
	return oneView(ctx, r.db, ` WHERE a.id = $1`, id)
}

func oneView(ctx context.Context, from db.Reader, where string, arguments ...any) (View, error) {
	var found viewRow
	err := from.Get(ctx, &found, `SELECT `+ViewColumns+ViewTables+where, arguments...)
	if errors.Is(err, db.ErrNoRows) {
		return View{}, attempt.ErrNotFound
	}
	return found.view(), err
}

// TimelineEvent is a line of an attempt's timeline.
type TimelineEvent struct {
	At     db.Time
	State  attempt.State
	Cause  attempt.Cause
	Detail string
}

// Timeline is everything that happened to an attempt, the oldest first.
func (r *Reader) Timeline(ctx context.Context, businessID business.ID, id attempt.ID) (events []TimelineEvent, err error) {
	err = r.db.Select(ctx, &events, `SELECT at, state, cause, detail FROM attempt_events WHERE business_id = $1 AND attempt_id = $2 ORDER BY seq`,
		businessID, id)
	return events, err
}
