package history

import (
	"context"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/text"
)

// Filter says which attempts to list. Empty parts don't narrow.
type Filter struct {
	LinkID     link.ID
	CustomerID customer.ID
	Provider   string
	Statuses   []Status
	// Unfinished narrows to attempts that came to nothing, whose payer left an address and
	// has neither paid for nor begun the same since.
	Unfinished bool
	From, To   time.Time // of the start of the attempt; To is exclusive
	// Query is a whole receipt number, reference, e-mail address, payment code, or
	// id of ours.
	Query string
	// Said is a part of what was paid for, without regard to case.
	Said string
	// Words are any part of what Query takes, of the payer's name or of the name
	// of a link or a customer. How far back parts of words are looked for is
	// bounded. Amount is what the words are as an amount, zero when they are none.
	Words  string
	Amount money.Amount
	Sort   Sort
	Cursor string
	Offset int // how many to leave out, without a cursor
	Limit  int // 25 when 0, 100 at most

	Found Found // by the words
}

// List returns attempts of the business in the mode, in the order of the filter,
// and the cursor of the next page, empty at the end.
func (r *Reader) List(ctx context.Context, businessID business.ID, mode business.Mode, f Filter) ([]View, string, error) {
	if f.Limit == 0 {
		f.Limit = 25
	}
	f.Limit = min(max(f.Limit, 1), 100)
	if f.Cursor != "" && !id.Valid("pay", f.Cursor) {
		var wrong fault.Fields
		wrong.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
		return nil, "", wrong.Err()
	}
	return r.page(ctx, businessID, mode, f)
}

// page reads f.Limit attempts behind the cursor.
func (r *Reader) page(ctx context.Context, businessID business.ID, mode business.Mode, f Filter) ([]View, string, error) {
	if err := r.findNamed(ctx, businessID, mode, &f); err != nil {
		return nil, "", err
	}
	where, arguments := f.Where(businessID, mode)
	arguments = append(arguments, f.Limit+1)
	order, _ := f.Sort.order()
	var rows []viewRow
	err := r.db.Select(ctx, &rows, `SELECT `+ViewColumns+ViewTables+where+
		fmt.Sprintf(order+` LIMIT $%d OFFSET %d`, len(arguments), max(f.Offset, 0)), arguments...)
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

// Count is how many attempts List lists on all its pages.
func (r *Reader) Count(ctx context.Context, businessID business.ID, mode business.Mode, f Filter) (n int64, err error) {
	f.Cursor = ""
	if err := r.findNamed(ctx, businessID, mode, &f); err != nil {
		return 0, err
	}
	where, arguments := f.Where(businessID, mode)
	if err := r.db.Get(ctx, &n, `SELECT COUNT(*)`+ViewTables+where, arguments...); err != nil {
		return 0, fmt.Errorf("count payments: %w", err)
	}
	return n, nil
}

// saidPart finds what contains a part. What was written before the column was has
// what the database's own LOWER made of its title, which may leave letters beyond
// ASCII as they are.
const saidPart = ` AND (a.said_folded LIKE $%[1]d ESCAPE '\' OR a.said_folded LIKE LOWER($%[2]d) ESCAPE '\')`

// Where is the condition of the attempts that List lists, and its arguments.
func (f Filter) Where(businessID business.ID, mode business.Mode) (string, []any) {
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
	if f.CustomerID != "" {
		add(` AND p.customer_id = $%d`, f.CustomerID)
	}
	if f.Provider != "" {
		add(` AND a.provider = $%d`, f.Provider)
	}
	if f.Unfinished {
		where.WriteString(` AND ` + UnfinishedSQL + ` AND NOT ` + TriedAgainSQL + ` AND NOT ` + PaidSinceSQL)
	}
	if q := strings.TrimSpace(f.Query); q != "" {
		arguments = append(arguments, text.Fold(q), q, strings.ToUpper(text.Digits(q)), attempt.EndByCode(q))
		n := len(arguments)
		fmt.Fprintf(&where, ` AND a.id IN (`+exact+`)`, n-3, n-2, n-1, n)
	}
	if f.Words != "" {
		var condition string
		condition, arguments = f.byWords(arguments)
		where.WriteString(condition)
	}
	if f.Said != "" {
		arguments = append(arguments, text.Pattern(f.Said), text.Contains(f.Said))
		fmt.Fprintf(&where, saidPart, len(arguments)-1, len(arguments))
	}
	if !f.From.IsZero() {
		add(` AND a.created_at >= $%d`, db.At(f.From))
		add(` AND a.id >= $%d`, attempt.Floor(f.From)) // so that the index ends the search
	}
	if !f.To.IsZero() {
		add(` AND a.created_at < $%d`, db.At(f.To))
		add(` AND a.id < $%d`, attempt.Floor(f.To.Add(time.Millisecond)))
	}
	if f.Cursor != "" {
		_, behind := f.Sort.order()
		add(behind, f.Cursor)
	}
	if len(f.Statuses) > 0 {
		fmt.Fprintf(&where, ` AND `+statusCase+` IN (%s)`, db.In(len(f.Statuses), len(arguments)+1))
		for _, s := range f.Statuses {
			arguments = append(arguments, s)
		}
	}
	return where.String(), arguments
}
