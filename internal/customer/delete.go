package customer

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Delete forgets a customer. Payments stay, as facts about money, with what
// the payer typed; links that belonged to the customer belong to nobody.
func (s *Customers) Delete(ctx context.Context, businessID business.ID, id ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if _, err := lock(ctx, tx, businessID, id); err != nil {
			return err
		}
		return s.forget(ctx, tx, businessID, id)
	})
}

func (s *Customers) forget(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error {
	for _, also := range s.deleted {
		if err := also(ctx, tx, businessID, id); err != nil {
			return err
		}
	}
	return remove(ctx, tx, businessID, id)
}

// remove deletes the row and its tags.
func remove(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error {
	for _, statement := range []string{
		`DELETE FROM customer_tags WHERE business_id = $1 AND customer_id = $2`,
		`DELETE FROM customers WHERE business_id = $1 AND id = $2`,
	} {
		if _, err := tx.Exec(ctx, statement, businessID, id); err != nil {
			return err
		}
	}
	tx.Notify("customer", string(id))
	renamed(tx, businessID, id)
	return nil
}
