package webhook

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Redeliver sends an event again, with the same id: to one endpoint, or, when
// it is "", to every active one that asks for it. It returns to how many.
// Errors: NotFound, Conflict when there is none to send it to.
func (h *Webhooks) Redeliver(ctx context.Context, businessID business.ID, eventID EventID, only EndpointID) (n int, err error) {
	err = h.DB.InTx(ctx, func(tx *db.Tx) error {
		v, err := event(ctx, tx, businessID, eventID)
		if err != nil {
			return err
		}
		to, err := receivers(ctx, tx, businessID, v, only)
		if err != nil {
			return err
		}
		for _, id := range to {
			if err := h.deliver(ctx, tx, businessID, eventID, id); err != nil {
				return err
			}
		}
		n = len(to)
		h.deliveries.Due(tx)
		return nil
	})
	return n, err
}

// receivers are the endpoints to which an event may be sent again.
func receivers(ctx context.Context, tx *db.Tx, businessID business.ID, v Event, only EndpointID) (to []EndpointID, err error) {
	if only != "" {
		e, err := endpoint(ctx, tx, businessID, only)
		if err == nil && !e.Active {
			err = errSwitchedOff
		}
		return []EndpointID{e.ID}, err
	}
	all, err := endpoints(ctx, tx, businessID)
	for _, e := range all {
		if e.Active && e.Events.Has(v.Type) {
			to = append(to, e.ID)
		}
	}
	if err == nil && len(to) == 0 {
		err = fault.New(fault.Conflict, "No active endpoint asks for this event. Switch one on, or let it ask for it.")
	}
	return to, err
}

var errSwitchedOff = fault.New(fault.Conflict, "This endpoint is off. Switch it on, then send again.")

// Period says which events to send again.
type Period struct {
	// From is 30 days before To when zero. To is exclusive, and now when zero.
	From, To time.Time
	// Taken sends those again, too, that the endpoint had taken.
	Taken bool
}

// atOncePeriod is how many events one transaction lets go again.
const atOncePeriod = 500

// RedeliverPeriod sends an endpoint again what happened in a period and what it
// asks for, and returns how many. Errors: NotFound, Conflict for one that is
// off, Invalid with the fields "from" and "to".
func (h *Webhooks) RedeliverPeriod(ctx context.Context, businessID business.ID, id EndpointID, p Period) (n int, err error) {
	if p.To.IsZero() {
		p.To = h.DB.Clock().Now().Add(time.Microsecond)
	}
	if p.From.IsZero() {
		p.From = p.To.Add(-Kept)
	}
	if !p.From.Before(p.To) {
		var wrong fault.Fields
		wrong.Add("from", "period.empty", "Choose a start before the end.")
		return 0, wrong.Err()
	}
	for after := EventID(""); ; {
		var chunk []EventID
		err := h.DB.InTx(ctx, func(tx *db.Tx) error {
			chunk, err = h.redeliverChunk(ctx, tx, businessID, id, p, after)
			return err
		})
		if err != nil || len(chunk) == 0 {
			return n, err
		}
		n += len(chunk)
		after = chunk[len(chunk)-1]
	}
}

func (h *Webhooks) redeliverChunk(ctx context.Context, tx *db.Tx, businessID business.ID, id EndpointID, p Period, after EventID) (chunk []EventID, err error) {
	e, err := endpoint(ctx, tx, businessID, id)
	if err != nil {
		return nil, err
	}
	if !e.Active {
		return nil, errSwitchedOff
	}
	asked := e.Events
	if asked.Has(All) {
		asked = Types()
	}
	arguments := []any{businessID, id, db.At(p.From), db.At(p.To), after, p.Taken, atOncePeriod}
	for _, t := range asked {
		arguments = append(arguments, t)
	}
	err = tx.Select(ctx, &chunk, fmt.Sprintf(`SELECT v.id FROM events v
		WHERE v.business_id = $1 AND v.created_at >= $3 AND v.created_at < $4 AND v.id > $5 AND v.type IN (%s)
			AND ($6 OR NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = v.id AND d.endpoint_id = $2 AND d.state = 'delivered'))
		ORDER BY v.id LIMIT $7`, db.In(len(asked), 8)), arguments...)
	for _, eventID := range chunk {
		if err := h.deliver(ctx, tx, businessID, eventID, id); err != nil {
			return nil, err
		}
	}
	h.deliveries.Due(tx)
	return chunk, err
}
