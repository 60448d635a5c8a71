package payment

import (
	"context"

	"smartlinks/internal/db"
)

// Repair brings what is kept beside payments to what their refunds and disputes say.
func Repair(ctx context.Context, tx *db.Tx) error {
	if err := tx.LockTables(ctx, "payments"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE payments SET
		reserved_minor = (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = payments.id AND r.state IN ('asked', 'pending')),
		lost_minor = (SELECT COALESCE(SUM(d.amount_minor), 0) FROM disputes d WHERE d.payment_id = payments.id AND d.state = 'lost')`)
	return err
}
