package payment

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
)

// View is an attempt with the payment that it became.
type View struct {
	Attempt
	ProductSlug string // "" without a product
	Receipt     string // "" until it is accepted
	Method      string
	PaidAt      time.Time // zero until it is paid

	status   Status
	money    AcceptedStatus
	refunded int64
}

// Status is how it stands.
func (v View) Status() Status { return v.status }

// Late reports whether the money came after its hold had ended.
func (v View) Late() bool { return v.money == AcceptedLate || v.money == Overflow }

// Refunded is what was given back.
func (v View) Refunded() money.Amount {
	return money.Amount{Minor: v.refunded, Currency: v.Amount.Currency}
}

// Unsettled reports whether the provider may still change how it stands.
func (v View) Unsettled() bool { return v.State.live() }

// viewRow is a View as it is stored.
type viewRow struct {
	row
	ProductSlug   string
	Receipt       string
	Method        string
	PaidAt        db.Time
	Status        Status
	MoneyStatus   AcceptedStatus
	RefundedMinor int64
}

const viewColumns = rowColumns + `, COALESCE(pr.slug, '') AS product_slug, COALESCE(p.receipt, '') AS receipt,
	COALESCE(p.method, '') AS method, p.paid_at, ` + statusCase + ` AS status, COALESCE(p.status, '') AS money_status,
	COALESCE(p.refunded_minor, 0) AS refunded_minor`

const viewTables = ` FROM attempts a LEFT JOIN payments p ON p.id = a.id LEFT JOIN products pr ON pr.id = a.product_id`

func (r viewRow) view() View {
	return View{
		Attempt: r.attempt(), ProductSlug: r.ProductSlug, Receipt: r.Receipt, Method: r.Method, PaidAt: r.PaidAt.Time,
		status: r.Status, money: r.MoneyStatus, refunded: r.RefundedMinor,
	}
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

// Filter says which attempts to list. Empty parts don't narrow.
type Filter struct {
	LinkID   link.ID
	Statuses []Status
	From, To time.Time // of the start of the attempt; To is exclusive
	Cursor   string
	Limit    int // 25 when 0, 100 at most
}

// List returns attempts of the business in the mode, the newest first, and the
// cursor of the next page, empty at the end.
func (p *Payments) List(ctx context.Context, businessID business.ID, mode business.Mode, f Filter) ([]View, string, error) {
	if f.Limit == 0 {
		f.Limit = 25
	}
	f.Limit = min(max(f.Limit, 1), 100)
	if f.Cursor != "" && !id.Valid("pay", f.Cursor) {
		var wrong fault.Fields
		wrong.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
		return nil, "", wrong.Err()
	}
	where, arguments := f.where(businessID, mode)
	arguments = append(arguments, f.Limit+1)
	var rows []viewRow
	err := p.DB.Select(ctx, &rows, `SELECT `+viewColumns+viewTables+where+
		fmt.Sprintf(` ORDER BY a.id DESC LIMIT $%d`, len(arguments)), arguments...)
	if err != nil {
		return nil, "", fmt.Errorf("list payments: %w", err)
	}
	next := ""
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		next = string(rows[f.Limit-1].ID)
	}
	views := make([]View, len(rows))
	for i, r := range rows {
		views[i] = r.view()
	}
	return views, next, nil
}

func (f Filter) where(businessID business.ID, mode business.Mode) (string, []any) {
	var where strings.Builder
	where.WriteString(` WHERE a.business_id = $1 AND a.mode = $2`)
	arguments := []any{businessID, mode}
	add := func(condition string, value any) {
		arguments = append(arguments, value)
		fmt.Fprintf(&where, condition, len(arguments))
	}
	if f.LinkID != "" {
		add(` AND a.link_id = $%d`, f.LinkID)
	}
	if !f.From.IsZero() {
		add(` AND a.created_at >= $%d`, db.At(f.From))
	}
	if !f.To.IsZero() {
		add(` AND a.created_at < $%d`, db.At(f.To))
	}
	if f.Cursor != "" {
		add(` AND a.id < $%d`, f.Cursor)
	}
	if len(f.Statuses) > 0 {
		fmt.Fprintf(&where, ` AND `+statusCase+` IN (%s)`, db.In(len(f.Statuses), len(arguments)+1))
		for _, s := range f.Statuses {
			arguments = append(arguments, s)
		}
	}
	return where.String(), arguments
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
