package visit

import (
	"context"

	"smartlinks/internal/db"
)

// Repair brings the totals of money to what the payments say. Views are counted as they
// come, and stay.
func Repair(ctx context.Context, tx *db.Tx) error {
	if err := tx.LockTables(ctx, "link_totals"); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE link_totals SET payments = 0, revenue_minor = 0, refunded_minor = 0, lost_minor = 0, by_hand = 0, by_hand_minor = 0`); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO link_totals (link_id, mode, business_id, payments, revenue_minor, refunded_minor, lost_minor, by_hand, by_hand_minor)
		SELECT target, mode, business_id, COUNT(*), CAST(SUM(took) AS BIGINT), CAST(SUM(gave) AS BIGINT), CAST(SUM(lost) AS BIGINT), CAST(SUM(hand) AS BIGINT), CAST(SUM(hand_took) AS BIGINT) FROM (
			SELECT COALESCE(a.link_id, a.product_id, a.business_id) AS target, p.mode, p.business_id, p.captured_minor AS took, p.refunded_minor AS gave, p.lost_minor AS lost,
				CASE WHEN a.channel = 'by_hand' THEN 1 ELSE 0 END AS hand, CASE WHEN a.channel = 'by_hand' THEN p.captured_minor ELSE 0 END AS hand_took
			FROM payments p JOIN attempts a ON a.id = p.id WHERE p.receipt IS NOT NULL
			UNION ALL SELECT COALESCE(h.link_id, h.product_id, h.business_id), h.mode, h.business_id, h.amount_minor, 0, 0, 1, h.amount_minor FROM past_payments h
		) AS every GROUP BY target, mode, business_id
		ON CONFLICT (link_id, mode) DO UPDATE SET payments = excluded.payments, revenue_minor = excluded.revenue_minor,
			refunded_minor = excluded.refunded_minor, lost_minor = excluded.lost_minor,
			by_hand = excluded.by_hand, by_hand_minor = excluded.by_hand_minor`)
	return err
}
