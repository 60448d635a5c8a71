package payment

import (
	"context"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// View is an attempt with the payment that it became.
type View struct {
	Attempt
	ProductSlug string      // "" without a product
	CustomerID  customer.ID // "" until it is accepted, and after the customer was deleted
	Receipt     string      // "" until it is accepted
	Method      string
	PaidAt      time.Time // zero until it is paid

	status   Status
	money    MoneyStatus
	late     bool
	refunded int64
	reserved int64
	lost     int64
	dispute  DisputeState
	resolved bool
	double   bool
	notes    string
}

// Status is how it stands.
func (v View) Status() Status { return v.status }

// Late reports whether the money came after its hold had ended.
func (v View) Late() bool { return v.late }

// RefundFailed reports whether money that must go back could not be given back
// yet. It is tried again; the merchant must know.
func (v View) RefundFailed() bool { return v.money == RefundFailed }

// Refunded is what was given back.
func (v View) Refunded() money.Amount {
	return money.Amount{Minor: v.refunded, Currency: v.Amount.Currency}
}

// CreditNotes are the numbers of its credit notes, the oldest first.
func (v View) CreditNotes() []string { return strings.Fields(v.notes) }

// Lost is what disputes took.
func (v View) Lost() money.Amount { return money.Amount{Minor: v.lost, Currency: v.Amount.Currency} }

// Kept is what was taken, less what was given back and what disputes took; zero
// for money that never counted.
func (v View) Kept() money.Amount {
	kept := money.Amount{Currency: v.Amount.Currency}
	if v.Receipt != "" {
		kept.Minor = v.Amount.Minor - v.refunded - v.lost
	}
	return kept
}

// Refundable is what may still be given back.
func (v View) Refundable() money.Amount {
	left := money.Amount{Currency: v.Amount.Currency}
	if v.Receipt != "" {
		left.Minor = max(v.Amount.Minor-v.refunded-v.reserved-v.lost, 0)
	}
	return left
}

// TakesRefunds reports whether something may still be given back: money, or the place of a
// payment of nothing.
func (v View) TakesRefunds() bool {
	return v.Refundable().Minor > 0 || v.Free() && v.status == StatusPaid && v.money != RefundPending
}

// Free reports whether nothing was to be paid, and it counts.
func (v View) Free() bool { return v.Receipt != "" && v.Amount.IsZero() }

// RefundOnItsWay is what was asked for and is not confirmed yet.
func (v View) RefundOnItsWay() money.Amount {
	return money.Amount{Minor: v.reserved, Currency: v.Amount.Currency}
}

// Dispute is how the worst of its disputes stands, "" without any.
func (v View) Dispute() DisputeState { return v.dispute }

// PaidTwice reports whether its payer paid for the same another way too, as far as is known,
// and nobody has looked at it yet.
func (v View) PaidTwice() bool { return v.double }

// InQueue reports whether it is in review, a refund failed for good, or it was probably paid
// twice, and nobody has looked at it yet.
func (v View) InQueue() bool {
	return v.State == Review && !v.resolved || v.double || v.RefundFailed() && (v.Receipt != "" || v.reserved == 0)
}

// Unsettled reports whether the provider may still change how it stands.
func (v View) Unsettled() bool { return v.State.live() }

// viewRow is a View as it is stored.
type viewRow struct {
	row
	ProductSlug   string
	CustomerID    *customer.ID
	Receipt       string
	Method        string
	PaidAt        db.Time
	Status        Status
	MoneyStatus   MoneyStatus
	Late          bool
	RefundedMinor int64
	ReservedMinor int64
	LostMinor     int64
	Dispute       DisputeState
	Resolved      bool
	PaidTwice     bool
	CreditNotes   string
}

var viewColumns = rowColumns + `, COALESCE(pr.slug, '') AS product_slug, p.customer_id, COALESCE(p.receipt, '') AS receipt,
	COALESCE(p.method, '') AS method, p.paid_at, ` + statusCase + ` AS status, COALESCE(p.status, '') AS money_status,
	COALESCE(p.late, FALSE) AS late, COALESCE(p.refunded_minor, 0) AS refunded_minor, COALESCE(p.reserved_minor, 0) AS reserved_minor,
	COALESCE(p.lost_minor, 0) AS lost_minor, COALESCE(` + worstDispute + `, '') AS dispute, a.looked_at IS NOT NULL AS resolved, CASE WHEN a.double_of = '' THEN FALSE ELSE ` + isDouble + ` END AS paid_twice, COALESCE(` + creditNotes + `, '') AS credit_notes`

// creditNotes are the numbers of a payment's credit notes in one text.
const creditNotes = `CASE WHEN p.refunded_minor > 0 OR p.captured_minor = 0 THEN (SELECT STRING_AGG(r.credit_note, ' ' ORDER BY ` + noteOrder + `)
	FROM refunds r WHERE r.payment_id = p.id AND r.credit_note <> '') END`

// worstDispute is the state of the dispute that matters most.
const worstDispute = `CASE WHEN p.disputed_minor > 0 THEN (SELECT MIN(CASE d.state WHEN 'open' THEN '1open' WHEN 'lost' THEN '2lost' ELSE '3won' END)
	FROM disputes d WHERE d.payment_id = p.id) END`

const viewTables = ` FROM attempts a LEFT JOIN payments p ON p.id = a.id LEFT JOIN products pr ON pr.id = a.product_id`

func (r viewRow) view() View {
	v := View{
		Attempt: r.attempt(), ProductSlug: r.ProductSlug, Receipt: r.Receipt, Method: r.Method, PaidAt: r.PaidAt.Time,
		status: r.Status, money: r.MoneyStatus, late: r.Late, refunded: r.RefundedMinor,
		reserved: r.ReservedMinor, lost: r.LostMinor, resolved: r.Resolved, double: r.PaidTwice, notes: r.CreditNotes,
	}
	if r.Dispute != "" {
		v.dispute = r.Dispute[1:] // behind its rank
	}
	if r.CustomerID != nil {
		v.CustomerID = *r.CustomerID
	}
	return v
}

// Get returns an attempt of the business, or a NotFound fault.
func (p *Payments) Get(ctx context.Context, businessID business.ID, id ID) (View, error) {
	return oneView(ctx, p.DB, ` WHERE a.business_id = $1 AND a.id = $2`, businessID, id)
}

// GetTx is Get inside a transaction of the caller's.
func (p *Payments) GetTx(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (View, error) {
	return oneView(ctx, tx, ` WHERE a.business_id = $1 AND a.id = $2`, businessID, id)
}

// ByPublicID is for the payer, whom the id itself lets in.
func (p *Payments) ByPublicID(ctx context.Context, id ID) (View, error) {
	return oneView(ctx, p.DB, ` WHERE a.id = $1`, id)
}

func oneView(ctx context.Context, from db.Reader, where string, arguments ...any) (View, error) {
	var found viewRow
	err := from.Get(ctx, &found, `SELECT `+viewColumns+viewTables+where, arguments...)
	if errors.Is(err, db.ErrNoRows) {
		return View{}, errNotFound
	}
	return found.view(), err
}

// TimelineEvent is a line of an attempt's timeline.
type TimelineEvent struct {
	At     db.Time
	State  State
	Cause  Cause
	Detail string
}

// Timeline is everything that happened to an attempt, the oldest first.
func (p *Payments) Timeline(ctx context.Context, businessID business.ID, id ID) (events []TimelineEvent, err error) {
	err = p.DB.Select(ctx, &events, `SELECT at, state, cause, detail FROM attempt_events WHERE business_id = $1 AND attempt_id = $2 ORDER BY seq`,
		businessID, id)
	return events, err
}
