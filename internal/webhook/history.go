package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// State is how far an event came on its way to an endpoint.
type State string

// The states.
const (
	Waiting   State = "waiting" // to be posted, perhaps after tries in vain
	Delivered State = "delivered"
	Failed    State = "failed" // given up: tried to the end, or the endpoint was switched off
)

// Delivery is an event on its way to an endpoint.
type Delivery struct {
	Event
	EndpointID EndpointID
	State      State
	Tries      int64      // since it was sent, or sent again
	Status     int64      // of the last answer; 0 for none
	DueAt      *time.Time // wall time of the next try; nil for none
	UpdatedAt  time.Time  // wall time
}

type deliveryRow struct {
	eventRow
	EndpointID EndpointID
	State      State
	Tries      int64
	Status     int64
	DueAt      db.Time
	UpdatedAt  db.Time
}

func (r deliveryRow) delivery() Delivery {
	return Delivery{r.event(), r.EndpointID, r.State, r.Tries, r.Status, r.DueAt.Ptr(), r.UpdatedAt.Time}
}

const deliveryQuery = `SELECT v.id, v.type, v.mode, v.object, v.body, v.created_at, d.endpoint_id, d.state, d.tries, d.status, d.due_at, d.updated_at
	FROM webhook_deliveries d JOIN events v ON v.id = d.event_id WHERE d.business_id = $1`

// HistoryFilter says which deliveries of an endpoint to list.
type HistoryFilter struct {
	State  State // "" for all
	Cursor string
	Limit  int // 25 when 0, 100 at most
}

// History lists what was sent to an endpoint, the newest event first, with the
// cursor of the next page, "" at the end.
func (h *Webhooks) History(ctx context.Context, businessID business.ID, to EndpointID, f HistoryFilter) ([]Delivery, string, error) {
	limit := pageOf(f.Limit)
	if err := checkCursor(f.Cursor); err != nil {
		return nil, "", err
	}
	statement, arguments := deliveryQuery+` AND d.endpoint_id = $2`, []any{businessID, to}
	if f.State != "" {
		arguments = append(arguments, f.State)
		statement += fmt.Sprintf(` AND d.state = $%d`, len(arguments))
	}
	if f.Cursor != "" {
		arguments = append(arguments, f.Cursor)
		statement += fmt.Sprintf(` AND d.event_id < $%d`, len(arguments))
	}
	arguments = append(arguments, limit+1)
	var rows []deliveryRow
	err := h.DB.Select(ctx, &rows, fmt.Sprintf(`%s ORDER BY d.event_id DESC LIMIT $%d`, statement, len(arguments)), arguments...)
	if err != nil {
		return nil, "", fmt.Errorf("list what was sent: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = string(rows[limit-1].ID)
	}
	all := make([]Delivery, len(rows))
	for i, r := range rows {
		all[i] = r.delivery()
	}
	return all, next, nil
}

// DeliveriesOf are the ways of an event to its endpoints.
func (h *Webhooks) DeliveriesOf(ctx context.Context, businessID business.ID, eventID EventID) ([]Delivery, error) {
	var rows []deliveryRow
	err := h.DB.Select(ctx, &rows, deliveryQuery+` AND d.event_id = $2 ORDER BY d.endpoint_id`, businessID, eventID)
	all := make([]Delivery, len(rows))
	for i, r := range rows {
		all[i] = r.delivery()
	}
	return all, err
}

// Post is one try to deliver an event, as it is kept in the log.
type Post struct {
	ID        string // "whp_…"
	At        time.Time
	URL       string
	Signature string
	Took      time.Duration
	Status    int64 // 0 without an answer
	Answer    []byte
	Problem   string // why there is no answer, a sentence for people
}

// shownPosts bounds how many tries are shown; three series of ten are enough.
const shownPosts = 30

// Posts are the tries to deliver an event to an endpoint, the newest first.
func (h *Webhooks) Posts(ctx context.Context, businessID business.ID, eventID EventID, to EndpointID) ([]Post, error) {
	var rows []struct {
		ID        string
		At        db.Time
		URL       string `db:"url"`
		Signature string
		Took      int64
		Status    int64
		Answer    []byte
		Problem   string
	}
	err := h.DB.Select(ctx, &rows, `SELECT id, at, url, signature, took, status, answer, problem FROM webhook_posts
		WHERE business_id = $1 AND event_id = $2 AND endpoint_id = $3 ORDER BY id DESC LIMIT $4`, businessID, eventID, to, shownPosts)
	all := make([]Post, len(rows))
	for i, r := range rows {
		all[i] = Post{r.ID, r.At.Time, r.URL, r.Signature, time.Duration(r.Took) * time.Microsecond, r.Status, r.Answer, r.Problem}
	}
	return all, err
}

// Sent is how an event stands on its way to an endpoint, or a NotFound fault.
func (h *Webhooks) Sent(ctx context.Context, businessID business.ID, eventID EventID, to EndpointID) (Delivery, error) {
	var r deliveryRow
	err := h.DB.Get(ctx, &r, deliveryQuery+` AND d.event_id = $2 AND d.endpoint_id = $3`, businessID, eventID, to)
	if errors.Is(err, db.ErrNoRows) {
		return Delivery{}, fault.New(fault.NotFound, "This event was not sent to this endpoint.")
	}
	return r.delivery(), err
}
