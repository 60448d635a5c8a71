package webhook

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/db"
)

// patience is how long an endpoint may take nothing before it is switched off,
// once an event was tried to the end. Trying to the end takes a little longer.
const patience = 72 * time.Hour

// failing says that an endpoint did not take an event, and switches off one
// that took nothing for days, or that says it is gone (410; standardwebhooks.com,
// "Operational considerations"). One that takes other events goes on.
func (h *Webhooks) failing(ctx context.Context, tx *db.Tx, c claim, p post, became State) error {
	var found struct{ FailingSince db.Time }
	if err := tx.Get(ctx, &found, `UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, $3) WHERE business_id = $1 AND id = $2 RETURNING failing_since`,
		c.BusinessID, c.EndpointID, db.At(p.at)); err != nil {
		return ignoreNone(err) // deleted meanwhile
	}
	since := found.FailingSince.Time
	switch {
	case p.answer.Status == http.StatusGone:
		return h.stop(ctx, tx, c, GoneAway, since)
	case became == Failed && h.DB.Clock().Wall().Sub(since) >= patience:
		return h.stop(ctx, tx, c, Failing, since)
	}
	return nil
}

// stop switches an endpoint off, once, and tells the owners.
func (h *Webhooks) stop(ctx context.Context, tx *db.Tx, c claim, why Stopped, since time.Time) error {
	var version int64
	err := tx.Get(ctx, &version, `UPDATE webhook_endpoints SET active = FALSE, stopped = $3, version = version + 1, updated_at = $4
		WHERE business_id = $1 AND id = $2 AND active RETURNING version`, c.BusinessID, c.EndpointID, why, db.At(tx.Now()))
	if err != nil {
		return ignoreNone(err)
	}
	if err := h.giveUp(ctx, tx, c.BusinessID, c.EndpointID); err != nil {
		return err
	}
	return h.notifyOwners(ctx, tx, c, why, since, version)
}
