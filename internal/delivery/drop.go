package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

// DropLink keeps messages that still wait from leading to a link that is
// deleted. What was sent stays, as a fact about the customers.
func (s *Deliveries) DropLink(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) error {
	var waiting []string
	err := tx.Select(ctx, &waiting, `SELECT d.id FROM sends s JOIN deliveries d ON d.send_id = s.id
		WHERE s.business_id = $1 AND s.link_id = $2 AND s.status = 'queued' AND d.status = 'queued' AND d.channel = 'email' ORDER BY d.id`, businessID, id)
	for _, delivery := range waiting {
		if err := s.Messages.CancelMail(ctx, tx, businessID, keyPrefix+delivery, "The link was deleted before this was sent."); err != nil {
			return err
		}
	}
	return err
}
