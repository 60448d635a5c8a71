package app

import (
	"context"

	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/visit"
)

// mend brings every counter to what the payments say, also beside a running server: each kind
// by a transaction of its own, for which payers wait. Totals read what payments keep beside
// them, so they come last.
func mend(ctx context.Context, d *db.DB) error {
	for _, do := range []func(context.Context, *db.Tx) error{link.Repair, coupon.Repair, payment.Repair, visit.Repair} {
		err := d.InTx(ctx, func(tx *db.Tx) error {
			tx.Notify("*", "") // whatever is shown may have changed
			return do(ctx, tx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
