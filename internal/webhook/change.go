package webhook

import (
	"context"
	"reflect"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Update changes an endpoint that was read at the version; 0 accepts any. What
// waited for one that is switched off is given up; it can be sent again.
// Errors: NotFound, Stale, Invalid with fields.
func (h *Webhooks) Update(ctx context.Context, businessID business.ID, id EndpointID, version int64, p Patch) (e Endpoint, err error) {
	err = h.DB.InTx(ctx, func(tx *db.Tx) error {
		e, err = h.update(ctx, tx, businessID, id, version, p)
		return err
	})
	return e, err
}

func (h *Webhooks) update(ctx context.Context, tx *db.Tx, businessID business.ID, id EndpointID, version int64, p Patch) (Endpoint, error) {
	writes := tx.Writes()
	before, err := lockEndpoint(ctx, tx, businessID, id)
	if err != nil {
		return Endpoint{}, err
	}
	if version != 0 && version != before.Version {
		return Endpoint{}, fault.New(fault.Stale, "Someone else changed this endpoint meanwhile. Look at the current one, then make your change again.")
	}
	e := p.apply(before)
	if err := h.clean(&e); err != nil {
		return Endpoint{}, err
	}
	if reflect.DeepEqual(e, before) {
		tx.Unchanged(writes)
		return e, nil
	}
	// A new address, or a fresh start, has not failed yet.
	fresh := e.URL != before.URL || e.Active && !before.Active
	_, err = tx.Exec(ctx, `
		UPDATE webhook_endpoints SET url = $3, description = $4, events = $5, format = $9, active = $6, version = version + 1, updated_at = $7,
			stopped = CASE WHEN $6 THEN '' ELSE stopped END, failing_since = CASE WHEN $8 THEN NULL ELSE failing_since END
		WHERE business_id = $1 AND id = $2`,
		businessID, id, e.URL, e.Description, e.Events.column(), e.Active, db.At(tx.Now()), fresh, e.Format)
	if err != nil {
		return Endpoint{}, err
	}
	if before.Active && !e.Active {
		if err := h.giveUp(ctx, tx, businessID, id); err != nil {
			return Endpoint{}, err
		}
	}
	return endpoint(ctx, tx, businessID, id)
}

// giveUp ends what waits for an endpoint.
func (h *Webhooks) giveUp(ctx context.Context, tx *db.Tx, businessID business.ID, id EndpointID) error {
	_, err := tx.Exec(ctx, `UPDATE webhook_deliveries SET state = 'failed', due_at = NULL, updated_at = $3
		WHERE business_id = $1 AND endpoint_id = $2 AND state = 'waiting'`, businessID, id, db.At(h.DB.Clock().Wall()))
	return err
}

// Delete removes an endpoint and its log. Events stay for others.
func (h *Webhooks) Delete(ctx context.Context, businessID business.ID, id EndpointID) error {
	return h.DB.InTx(ctx, func(tx *db.Tx) error {
		if _, err := lockEndpoint(ctx, tx, businessID, id); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM webhook_posts WHERE business_id = $1 AND endpoint_id = $2`,
			`DELETE FROM webhook_deliveries WHERE business_id = $1 AND endpoint_id = $2`,
			`DELETE FROM webhook_endpoints WHERE business_id = $1 AND id = $2`,
		} {
			if _, err := tx.Exec(ctx, statement, businessID, id); err != nil {
				return err
			}
		}
		return nil
	})
}
