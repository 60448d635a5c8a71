package waitinglist

import (
	"context"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// checkQuantity refuses what no payment of the link could buy.
func checkQuantity(l link.Link, quantity int64) error {
	var wrong fault.Fields
	if quantity < l.Least() || quantity > l.Most() {
		wrong.Add("quantity", "quantity.limit", fmt.Sprintf("Choose a number from %d to %d.", l.Least(), l.Most()))
	}
	return wrong.Err()
}

// ChangeQuantity makes who waits wait for another number of slots, where they were, by the
// token of their mail. An offer stays as it is. Errors: NotFound, Invalid for what no payment
// buys, Conflict for who does not wait.
func (s *List) ChangeQuantity(ctx context.Context, token string, quantity int64) (e Entry, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if e, err = s.lockedBy(ctx, tx, token); err != nil {
			return err
		}
		if e.State != Waiting {
			return fault.New(fault.Conflict, "You do not wait for a place any more.")
		}
		l, err := s.Links.GetTx(ctx, tx, business.Business{ID: e.BusinessID, Mode: e.Mode}, e.LinkID)
		if err != nil {
			return err
		}
		if err := checkQuantity(l, quantity); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE waiting_entries SET quantity = $3, updated_at = $4 WHERE business_id = $1 AND id = $2`,
			e.BusinessID, e.ID, quantity, db.At(tx.Now())); err != nil {
			return err
		}
		// Fewer may have room.
		if err := s.fill(ctx, tx, e.BusinessID, e.LinkID, e.Mode); err != nil {
			return err
		}
		e, err = s.Get(ctx, tx, e.BusinessID, e.ID)
		return err
	})
	return e, err
}
