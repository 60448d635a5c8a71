package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
)

// EventID names an event: "evt_…". It is the webhook-id of its messages, the
// same in every try, so that receivers see doubles.
type EventID string

// Event is something that happened.
type Event struct {
	ID        EventID
	Type      Type
	Mode      business.Mode
	Object    string // the id of what it is about
	Body      string // as it is posted
	CreatedAt time.Time
}

// Filter says which events to list. Empty parts don't narrow.
type Filter struct {
	Type     Type
	Mode     business.Mode
	From, To time.Time // To is exclusive
	Cursor   string
	Limit    int // 25 when 0, 100 at most
}

type eventRow struct {
	ID        EventID
	Type      Type
	Mode      business.Mode
	Object    string
	Body      string
	CreatedAt db.Time
}

func (r eventRow) event() Event {
	return Event{r.ID, r.Type, r.Mode, r.Object, r.Body, r.CreatedAt.Time}
}

const eventColumns = `id, type, mode, object, body, created_at`

// Events lists the business's events, the newest first, with the cursor of the
// next page, "" at the end.
func (h *Webhooks) Events(ctx context.Context, businessID business.ID, f Filter) ([]Event, string, error) {
	limit := pageOf(f.Limit)
	if err := checkCursor(f.Cursor); err != nil {
		return nil, "", err
	}
	where, arguments := f.where(businessID)
	arguments = append(arguments, limit+1)
	var rows []eventRow
	err := h.DB.Select(ctx, &rows, fmt.Sprintf(`SELECT %s FROM events%s ORDER BY id DESC LIMIT $%d`, eventColumns, where, len(arguments)), arguments...)
	if err != nil {
		return nil, "", fmt.Errorf("list events: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = string(rows[limit-1].ID)
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		events[i] = r.event()
	}
	return events, next, nil
}

func (f Filter) where(businessID business.ID) (string, []any) {
	where, arguments := ` WHERE business_id = $1`, []any{businessID}
	add := func(condition string, value any) {
		arguments = append(arguments, value)
		where += fmt.Sprintf(condition, len(arguments))
	}
	if f.Type != "" {
		add(` AND type = $%d`, f.Type)
	}
	if f.Mode != "" {
		add(` AND mode = $%d`, f.Mode)
	}
	if !f.From.IsZero() {
		add(` AND created_at >= $%d`, db.At(f.From))
	}
	if !f.To.IsZero() {
		add(` AND created_at < $%d`, db.At(f.To))
	}
	if f.Cursor != "" {
		add(` AND id < $%d`, f.Cursor)
	}
	return where, arguments
}

func pageOf(limit int) int {
	if limit == 0 {
		return 25
	}
	return min(max(limit, 1), 100)
}

func checkCursor(cursor string) error {
	if cursor == "" || id.Valid("evt", cursor) {
		return nil
	}
	var wrong fault.Fields
	wrong.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
	return wrong.Err()
}

// Event returns one of the business, or a NotFound fault.
func (h *Webhooks) Event(ctx context.Context, businessID business.ID, eventID EventID) (Event, error) {
	return event(ctx, h.DB, businessID, eventID)
}

func event(ctx context.Context, from db.Reader, businessID business.ID, eventID EventID) (Event, error) {
	var r eventRow
	err := from.Get(ctx, &r, `SELECT `+eventColumns+` FROM events WHERE business_id = $1 AND id = $2`, businessID, eventID)
	if errors.Is(err, db.ErrNoRows) {
		return Event{}, fault.New(fault.NotFound, "There is no such event. Events are kept for 30 days.")
	}
	return r.event(), err
}

// ignoreNone turns "no row" into no error.
func ignoreNone(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	return err
}
