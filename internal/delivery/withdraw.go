package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
)

// Withdraw takes back the reminders of a recipient that have not left yet, and
// says why. What a server is taking at this moment can't be held back.
func (s *Deliveries) Withdraw(ctx context.Context, tx *db.Tx, businessID business.ID, id RecipientID, why string) error {
	var waiting []struct {
		ID      string
		Channel message.Channel
	}
	err := tx.Select(ctx, &waiting, `SELECT d.id, d.channel FROM deliveries d JOIN sends s ON s.id = d.send_id
		WHERE s.business_id = $1 AND s.recipient_id = $2 AND s.kind = 'reminder' AND d.status = 'queued' ORDER BY d.id`, businessID, id)
	if err != nil {
		return err
	}
	for _, d := range waiting {
		if err := s.Messages.Withdraw(ctx, tx, businessID, d.Channel, keyPrefix+d.ID, why); err != nil {
			return err
		}
	}
	return nil
}
