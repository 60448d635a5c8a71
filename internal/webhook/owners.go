package webhook

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
)

// notifyOwners queues the mail about an endpoint that was switched off.
func (h *Webhooks) notifyOwners(ctx context.Context, tx *db.Tx, c claim, why Stopped, since time.Time, version int64) error {
	b, err := h.Businesses.ByIDTx(ctx, tx, c.BusinessID)
	if err != nil {
		return err
	}
	return h.Messages.EndpointStopped(ctx, tx, b.ID, fmt.Sprintf("endpoint/%s/%d", c.EndpointID, version), message.EndpointStopped{
		Endpoint: c.URL, Gone: why == GoneAway, Since: since, Kept: int64(Kept / (24 * time.Hour)),
		URL: h.Addresses.Own(address.Dashboard(b.Handle, "settings", "webhooks", string(c.EndpointID))),
	})
}
