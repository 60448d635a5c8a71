package link

import (
	"context"

	"smartlinks/internal/db"
)

// Repair brings the slots of all links to what payments and attempts say, while nobody takes
// or gives one: whoever does changes their link's row in the same transaction.
func Repair(ctx context.Context, tx *db.Tx) error {
	if err := tx.LockTables(ctx, "link_slots"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE link_slots SET
		consumed = (SELECT COUNT(*) FROM payments p WHERE p.link_id = link_slots.link_id AND p.mode = link_slots.mode AND p.receipt IS NOT NULL AND NOT p.slot_returned),
		waiting = (SELECT COUNT(*) FROM waiting_entries w WHERE w.link_id = link_slots.link_id AND w.mode = link_slots.mode AND w.state = 'waiting'),
		offered = (SELECT COUNT(*) FROM waiting_entries w WHERE w.link_id = link_slots.link_id AND w.mode = link_slots.mode AND w.state = 'offered'),
		offered_units = (SELECT COALESCE(SUM(w.quantity), 0) FROM waiting_entries w WHERE w.link_id = link_slots.link_id AND w.mode = link_slots.mode AND w.state = 'offered'),
		held = (SELECT COUNT(*) FROM attempts a WHERE a.link_id = link_slots.link_id AND a.mode = link_slots.mode AND a.holds_slot)
			+ (SELECT COUNT(*) FROM waiting_entries w WHERE w.link_id = link_slots.link_id AND w.mode = link_slots.mode AND w.state = 'offered'),
		consumed_units = (SELECT COALESCE(SUM(a.quantity - p.units_returned), 0) FROM payments p JOIN attempts a ON a.id = p.id
			WHERE p.link_id = link_slots.link_id AND p.mode = link_slots.mode AND p.receipt IS NOT NULL),
		held_units = (SELECT COALESCE(SUM(a.quantity), 0) FROM attempts a WHERE a.link_id = link_slots.link_id AND a.mode = link_slots.mode AND a.holds_slot)
			+ (SELECT COALESCE(SUM(w.quantity), 0) FROM waiting_entries w WHERE w.link_id = link_slots.link_id AND w.mode = link_slots.mode AND w.state = 'offered')`)
	return err
}
