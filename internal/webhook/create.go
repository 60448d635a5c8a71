package webhook

import (
	"context"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// maxEndpoints bounds what one event costs.
const maxEndpoints = 20

// Create makes an endpoint and returns its secret, which is shown this once.
// Errors: Invalid with the fields "url", "description", "events" and "format", Conflict
// when there are too many.
func (h *Webhooks) Create(ctx context.Context, businessID business.ID, d Draft) (Endpoint, Secret, error) {
	e := Endpoint{BusinessID: businessID, URL: d.URL, Description: d.Description, Events: d.Events, Format: d.Format, Active: !d.Inactive, Version: 1}
	if err := h.clean(&e); err != nil {
		return Endpoint{}, Secret{}, err
	}
	key, err := NewSecret(h.DB.Random())
	if err != nil {
		return Endpoint{}, Secret{}, err
	}
	err = h.DB.InTx(ctx, func(tx *db.Tx) error { return h.insert(ctx, tx, &e, key) })
	if err != nil {
		return Endpoint{}, Secret{}, err
	}
	return e, key, nil
}

func (h *Webhooks) insert(ctx context.Context, tx *db.Tx, e *Endpoint, key Secret) error {
	id, err := tx.NewID("whe")
	if err != nil {
		return err
	}
	e.ID, e.CreatedAt, e.UpdatedAt = EndpointID(id), tx.Now(), tx.Now()
	sealed, err := h.Sealer.Seal([]byte(key.Text()), secretContext(e.ID))
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "webhook endpoints "+string(e.BusinessID)); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO webhook_endpoints (id, business_id, url, description, events, active, secret, created_at, updated_at, format)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8, $10
		WHERE (SELECT COUNT(*) FROM webhook_endpoints WHERE business_id = $2) < $9`,
		e.ID, e.BusinessID, e.URL, e.Description, e.Events.column(), e.Active, sealed, db.At(tx.Now()), maxEndpoints, e.Format)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, fmt.Sprintf("A business has at most %d endpoints. Delete one that is not used.", maxEndpoints))
	}
	tx.Notify(endpointTopic, string(e.BusinessID))
	return err
}

// secretContext is what an endpoint's secrets are sealed for.
func secretContext(id EndpointID) string { return "webhook/" + string(id) + "/secret" }
