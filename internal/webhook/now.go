package webhook

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// SendTest posts a made-up event to an endpoint, also to one that is off, and
// returns when an answer came or none. It is tried once, and says nothing of
// whether the endpoint works for others.
func (h *Webhooks) SendTest(ctx context.Context, b business.Business, to EndpointID) (id EventID, err error) {
	err = h.now(ctx, b.ID, to, func(tx *db.Tx, e Endpoint) (EventID, error) {
		data := struct {
			EndpointID EndpointID `json:"endpoint_id"`
			Message    string     `json:"message"`
		}{to, "A member of " + b.Name + " tries this endpoint."}
		id, _, err = h.write(ctx, tx, EventInput{BusinessID: b.ID, Type: Test, Mode: b.Mode, Object: string(to)}, data)
		return id, err
	})
	return id, err
}

// SendAgain posts an event to an endpoint at once, and returns when an answer
// came or none; where none came it is tried again like the first time. Errors:
// NotFound, Conflict for an endpoint that is off.
func (h *Webhooks) SendAgain(ctx context.Context, businessID business.ID, id EventID, to EndpointID) error {
	return h.now(ctx, businessID, to, func(tx *db.Tx, e Endpoint) (EventID, error) {
		v, err := event(ctx, tx, businessID, id)
		if err == nil && !e.Active && v.Type != Test {
			err = errSwitchedOff
		}
		return id, err
	})
}

// now writes a delivery that is claimed already, and posts it. Whoever waits
// for it may go away; the post goes on.
func (h *Webhooks) now(ctx context.Context, businessID business.ID, to EndpointID, which func(tx *db.Tx, e Endpoint) (EventID, error)) error {
	c := claim{EndpointID: to, BusinessID: businessID, Tries: 1}
	lease := h.deliveries.LeaseUntil()
	err := h.DB.InTx(ctx, func(tx *db.Tx) error {
		e, err := endpoint(ctx, tx, businessID, to)
		if err != nil {
			return err
		}
		if c.EventID, err = which(tx, e); err != nil {
			return err
		}
		if err := h.deliver(ctx, tx, businessID, c.EventID, to); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE webhook_deliveries SET tries = 1, due_at = $3 WHERE event_id = $1 AND endpoint_id = $2`,
			c.EventID, to, lease); err != nil {
			return err
		}
		v, err := event(ctx, tx, businessID, c.EventID)
		c.Type, c.URL, c.Format, c.Body = v.Type, e.URL, e.Format, v.Body
		return err
	})
	if err != nil {
		return err
	}
	done, begun := h.deliveries.Now(c, lease)
	if !begun {
		return nil // it has its turn when the lease ends
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fault.Wrap(errors.Join(ctx.Err()), fault.Unavailable, "The endpoint has not answered yet. Look at its log in a moment.")
	}
}
