package webhook

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

const (
	// endpointTopic is under which processes hear that a business has a new endpoint.
	endpointTopic = "endpoint"
	// keptQuiet bounds of how many businesses it is remembered that they have none.
	keptQuiet = 10_000
)

// Quiet reports whether it is known that the business has no endpoints.
func (h *Webhooks) Quiet(businessID business.ID) bool { return h.quiet.Lacks(businessID) }

// Listens reports whether the business has endpoints at all.
func (h *Webhooks) Listens(ctx context.Context, tx *db.Tx, businessID business.ID) (bool, error) {
	return h.quiet.Has(businessID, func() (heard bool, err error) {
		err = tx.Get(ctx, &heard, `SELECT EXISTS (SELECT 1 FROM webhook_endpoints WHERE business_id = $1)`, businessID)
		return heard, err
	})
}
