package payment

import (
	"context"
	"errors"
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
	refunded int64
	looked   bool
}

// Status is how it stands.
func (v View) Status() Status { return v.status }

// Late reports whether the money came after its hold had ended.
func (v View) Late() bool { return v.money == AcceptedLate || v.status == StatusOverflow }

// RefundFailed reports whether money that must go back could not be given back
// yet. It is tried again; the merchant must know.
func (v View) RefundFailed() bool { return v.money == RefundFailed }

// Refunded is what was given back.
func (v View) Refunded() money.Amount {
	return money.Amount{Minor: v.refunded, Currency: v.Amount.Currency}
}

// InQueue reports whether it is in review and nobody has looked at it yet.
func (v View) InQueue() bool { return v.State == Review && !v.looked }

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
	RefundedMinor int64
	Looked        bool
}

const viewColumns = rowColumns + `, COALESCE(pr.slug, '') AS product_slug, p.customer_id, COALESCE(p.receipt, '') AS receipt,
	COALESCE(p.method, '') AS method, p.paid_at, ` + statusCase + ` AS status, COALESCE(p.status, '') AS money_status,
	COALESCE(p.refunded_minor, 0) AS refunded_minor, a.looked_at IS NOT NULL AS looked`

const viewTables = ` FROM attempts a LEFT JOIN payments p ON p.id = a.id LEFT JOIN products pr ON pr.id = a.product_id`

func (r viewRow) view() View {
	v := View{
		Attempt: r.attempt(), ProductSlug: r.ProductSlug, Receipt: r.Receipt, Method: r.Method, PaidAt: r.PaidAt.Time,
		status: r.Status, money: r.MoneyStatus, refunded: r.RefundedMinor, looked: r.Looked,
	}
	if r.CustomerID != nil {
		v.CustomerID = *r.CustomerID
	}
	return v
}

// Get returns an attempt of the business, or a NotFound fault.
func (p *Payments) Get(ctx context.Context, businessID business.ID, id ID) (View, error) {
	return p.one(ctx, ` WHERE a.business_id = $1 AND a.id = $2`, businessID, id)
}

// ByPublicID is for the payer, whom the id itself lets in.
func (p *Payments) ByPublicID(ctx context.Context, id ID) (View, error) {
	return p.one(ctx, ` WHERE a.id = $1`, id)
}

func (p *Payments) one(ctx context.Context, where string, arguments ...any) (View, error) {
	var found viewRow
	err := p.DB.Get(ctx, &found, `SELECT `+viewColumns+viewTables+where, arguments...)
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
