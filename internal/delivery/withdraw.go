package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// unsent finds deliveries that have not left: they wait, or failed and could be
// tried again.
const unsent = `SELECT d.id, d.channel FROM deliveries d JOIN sends s ON s.id = d.send_id
	WHERE s.business_id = $1 AND d.status IN ('queued', 'failed')`

// Withdraw takes back the reminders of a recipient that have not left yet, and
// says why. What a server is taking at this moment can't be held back.
func (s *Deliveries) Withdraw(ctx context.Context, tx *db.Tx, businessID business.ID, id RecipientID, why string) error {
	return s.withdraw(ctx, tx, businessID, why, unsent+` AND s.recipient_id = $2 AND s.kind = 'reminder' ORDER BY d.id`, id)
}

// DropLink keeps messages that still wait from leading to a link that is
// deleted. What was sent stays, as a fact about the customers.
func (s *Deliveries) DropLink(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) error {
	if err := dropLaterOf(ctx, tx, businessID, id, ""); err != nil {
		return err
	}
	return s.withdraw(ctx, tx, businessID, "The link was deleted before this was sent.", unsent+` AND s.link_id = $2 ORDER BY d.id`, id)
}

// withdraw takes back what a query finds, given the business and the arguments.
func (s *Deliveries) withdraw(ctx context.Context, tx *db.Tx, businessID business.ID, why, query string, arguments ...any) error {
	var found []struct {
		ID      string
		Channel message.Channel
	}
	if err := tx.Select(ctx, &found, query, append([]any{businessID}, arguments...)...); err != nil {
		return err
	}
	for _, d := range found {
		if err := s.Messages.Withdraw(ctx, tx, businessID, d.Channel, keyPrefix+d.ID, why); err != nil {
			return err
		}
	}
	return nil
}

// withdrawFrom keeps messages that still wait from whoever wants no more.
func (s *Deliveries) withdrawFrom(ctx context.Context, tx *db.Tx, o OptOut) error {
	why := "The customer asked for no more messages before this one was sent."
	for _, id := range o.Recipients {
		if err := s.withdraw(ctx, tx, o.BusinessID, why, unsent+` AND s.recipient_id = $2 AND d.channel = $3 ORDER BY d.id`, id, o.Channel); err != nil {
			return err
		}
	}
	return nil
}
