package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// EventInput is what a feature did that others may want to hear of.
type EventInput struct {
	BusinessID business.ID
	Type       Type
	Mode       business.Mode
	Object     string // the id of what it is about
	// Key makes the event the only one: a second with the same key is left out.
	// "" never collides.
	Key string
	// Data is the object as the API shows it. It is asked for at the end of the
	// transaction, and only where somebody listens. NotFound: there is no object
	// any more, and so no event.
	Data func(ctx context.Context, tx *db.Tx) (any, error)
}

// Emit writes an event, and its way to each endpoint that asks for it, at the
// end of the transaction. A business without endpoints has no events.
func (h *Webhooks) Emit(tx *db.Tx, what EventInput) {
	tx.BeforeCommit(func(ctx context.Context) error { return h.emit(ctx, tx, what) })
}

// HasEndpoints asks whether the business has endpoints at all.
func (h *Webhooks) HasEndpoints(into *bool, businessID business.ID) *db.Statement {
	return db.One(into, `SELECT EXISTS (SELECT 1 FROM webhook_endpoints WHERE business_id = $1)`, businessID)
}

// listener is what an event needs to know of an endpoint.
type listener struct {
	ID     EndpointID
	Events string
	Active bool
}

func (h *Webhooks) emit(ctx context.Context, tx *db.Tx, what EventInput) error {
	var listeners []listener
	err := tx.Select(ctx, &listeners, `SELECT id, events, active FROM webhook_endpoints WHERE business_id = $1 ORDER BY id`, what.BusinessID)
	if err != nil || len(listeners) == 0 {
		return err
	}
	data, err := what.Data(ctx, tx)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("webhook: tell of %s: %w", what.Type, err)
	}
	id, written, err := h.write(ctx, tx, what, data)
	if err != nil || !written {
		return err
	}
	for _, l := range listeners {
		if !l.Active || !askedFrom(l.Events).Has(what.Type) {
			continue
		}
		if err := h.deliver(ctx, tx, what.BusinessID, id, l.ID); err != nil {
			return err
		}
	}
	h.deliveries.Due(tx)
	return nil
}

// body is what is posted: type, timestamp and data as Standard Webhooks has
// them, and beside them what tells doubles and play money apart.
type body struct {
	ID        EventID       `json:"id"`
	Type      Type          `json:"type"`
	Timestamp time.Time     `json:"timestamp"`
	Mode      business.Mode `json:"mode"`
	Data      any           `json:"data"`
}

// write stores the event; false when its key is taken.
func (h *Webhooks) write(ctx context.Context, tx *db.Tx, what EventInput, data any) (EventID, bool, error) {
	id, err := tx.NewID("evt")
	if err != nil {
		return "", false, err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // addresses stay readable
	if err := encoder.Encode(body{EventID(id), what.Type, tx.Now(), what.Mode, data}); err != nil {
		return "", false, fmt.Errorf("webhook: write %s: %w", what.Type, err)
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO events (id, business_id, type, mode, object, key, body, created_at, kept_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		id, what.BusinessID, what.Type, what.Mode, what.Object, what.Key, strings.TrimSuffix(text.String(), "\n"), db.At(tx.Now()), db.At(h.DB.Clock().Wall()))
	return EventID(id), n == 1, err
}

// deliver lets an event go to an endpoint, from the first try on.
func (h *Webhooks) deliver(ctx context.Context, tx *db.Tx, businessID business.ID, id EventID, to EndpointID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO webhook_deliveries (event_id, endpoint_id, business_id, state, due_at, updated_at) VALUES ($1, $2, $3, 'waiting', $4, $4)
		ON CONFLICT (event_id, endpoint_id) DO UPDATE SET state = 'waiting', tries = 0, due_at = excluded.due_at, updated_at = excluded.updated_at`,
		id, to, businessID, db.At(h.DB.Clock().Wall()))
	return err
}
