package webhook

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/text"
)

// EraseCustomer removes events about a customer, about what they paid, and those
// that name their address or number, with the log of their messages.
func (h *Webhooks) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	var theirs []EventID
	err := tx.Select(ctx, &theirs, `SELECT id FROM events WHERE business_id = $1 AND (object = $2 OR object IN (
			SELECT id FROM payments WHERE business_id = $1 AND customer_id = $2
			UNION SELECT id FROM attempts WHERE business_id = $1 AND payer_email_folded = $3 AND $3 <> '')
		OR $3 <> '' AND LOWER(body) LIKE $4 ESCAPE '\' OR $5 <> '' AND body LIKE $6 ESCAPE '\')`,
		businessID, c.ID, text.Fold(c.Email), text.Pattern(c.Email), c.Phone, text.Pattern(c.Phone))
	if err != nil {
		return err
	}
	return remove(ctx, tx, theirs)
}
