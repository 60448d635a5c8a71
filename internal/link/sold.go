package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/product"
)

// productChanged keeps what the links that sell a product have of it: whether it is for sale,
// and how many units a payment takes at least, where the link says nothing of it. Where it is
// for sale again, or fewer are enough now, what is left is offered to who waits.
func (s *Links) productChanged(ctx context.Context, tx *db.Tx, before, after product.Product) error {
	least := before.Checkout.Least() != after.Checkout.Least()
	if before.Active == after.Active && !least {
		return nil
	}
	var rows []struct {
		ID       ID
		Mode     business.Mode
		Checkout checkout.Rules
		ByUnits  bool
		Waiting  int64
	}
	err := tx.Select(ctx, &rows, `
		SELECT l.id, s.mode, l.checkout, s.by_units, s.waiting FROM links l JOIN link_slots s ON s.link_id = l.id
		WHERE l.business_id = $1 AND l.product_id = $2 AND l.deleted_at IS NULL ORDER BY l.id, s.mode`,
		after.BusinessID, after.ID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		follows := least && r.ByUnits && r.Checkout.Quantity == nil
		if !follows && before.Active == after.Active {
			continue
		}
		if follows {
			if _, err := tx.Exec(ctx, `UPDATE link_slots SET least = $4 WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND by_units`,
				after.BusinessID, r.ID, r.Mode, after.Checkout.Least()); err != nil {
				return err
			}
		}
		tx.Notify("link", string(r.ID))
		if r.Waiting > 0 && after.Active {
			if err := s.notifyFree(ctx, tx, after.BusinessID, r.ID, r.Mode); err != nil {
				return err
			}
		}
	}
	return nil
}
