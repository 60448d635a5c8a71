package app

import (
	"context"

	"smartlinks/internal/db"
)

// mends recompute what is kept beside payments and attempts, in their order.
// Each is one statement, so a link is whole before and behind it.
var mends = []string{
	`UPDATE link_slots SET
		consumed = (SELECT COUNT(*) FROM payments p WHERE p.link_id = link_slots.link_id AND p.mode = link_slots.mode AND p.receipt IS NOT NULL AND NOT p.slot_returned),
		held = (SELECT COUNT(*) FROM attempts a WHERE a.link_id = link_slots.link_id AND a.mode = link_slots.mode AND a.holds_slot)`,
	`UPDATE payments SET
		reserved_minor = (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = payments.id AND r.state IN ('asked', 'pending')),
		lost_minor = (SELECT COALESCE(SUM(d.amount_minor), 0) FROM disputes d WHERE d.payment_id = payments.id AND d.state = 'lost')`,
	`UPDATE link_totals SET payments = 0, revenue_minor = 0, refunded_minor = 0, lost_minor = 0`,
	`INSERT INTO link_totals (link_id, mode, business_id, payments, revenue_minor, refunded_minor, lost_minor)
		SELECT COALESCE(a.link_id, a.product_id, a.business_id), p.mode, p.business_id, COUNT(*), CAST(SUM(p.captured_minor) AS BIGINT),
			CAST(SUM(p.refunded_minor) AS BIGINT), CAST(SUM(p.lost_minor) AS BIGINT)
		FROM payments p JOIN attempts a ON a.id = p.id WHERE p.receipt IS NOT NULL
		GROUP BY COALESCE(a.link_id, a.product_id, a.business_id), p.mode, p.business_id
		ON CONFLICT (link_id, mode) DO UPDATE SET payments = excluded.payments, revenue_minor = excluded.revenue_minor,
			refunded_minor = excluded.refunded_minor, lost_minor = excluded.lost_minor`,
}

// mend brings every counter to what the payments say.
func mend(ctx context.Context, d *db.DB) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		for _, statement := range mends {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		tx.Notify("*", "") // whatever is shown may have changed
		return nil
	})
}
