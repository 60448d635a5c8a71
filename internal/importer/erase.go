package importer

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/text"
)

// EraseCustomer forgets lines with the customer's e-mail address that were not
// imported.
func (s *Imports) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	if c.Email == "" {
		return nil
	}
	// In which line of a file that is still kept they are isn't known before it is read.
	if _, err := tx.Exec(ctx, `UPDATE imports SET original = NULL WHERE business_id = $1 AND original IS NOT NULL`, businessID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM import_rows WHERE business_id = $1 AND state IN ('waiting', 'failed') AND LOWER(cells) LIKE $2 ESCAPE '\'`, businessID, text.Pattern(c.Email))
	return err
}
