package app

import (
	"context"

	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/visit"
)

// mend brings every counter to what the payments say. Totals read what payments keep
// beside them, so they come last.
func mend(ctx context.Context, d *db.DB) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		for _, do := range []func(context.Context, *db.Tx) error{link.Repair, coupon.Repair, payment.Repair, visit.Repair} {
			if err := do(ctx, tx); err != nil {
				return err
			}
		}
		tx.Notify("*", "") // whatever is shown may have changed
		return nil
	})
}
