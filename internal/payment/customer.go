package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
)

// MoveCustomer gives one customer's payments to another, in the transaction
// that merges the two.
func (p *Payments) MoveCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone customer.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE payments SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2`, businessID, gone, keep); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE past_payments SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2`, businessID, gone, keep)
	return err
}

// DropCustomer makes the payments of a customer who is deleted nobody's. What
// the payer typed stays with them.
func (p *Payments) DropCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, gone customer.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE payments SET customer_id = NULL WHERE business_id = $1 AND customer_id = $2`, businessID, gone); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE past_payments SET customer_id = NULL WHERE business_id = $1 AND customer_id = $2`, businessID, gone)
	return err
}
