package waitinglist

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
)

// Spend makes the slots on offer to an address those of a payment that is recorded by hand:
// who pays at the door gets what was kept for them. What was offered beyond goes to the next.
// False: there is no such offer, or it is of too few.
func (s *List) Spend(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID, mode business.Mode, email string, units int64) (bool, error) {
	address, err := mailaddr.Parse(email)
	if err != nil {
		return false, nil // no address that could wait
	}
	if _, err := s.Links.LockLine(ctx, tx, businessID, id, mode); err != nil {
		return false, err
	}
	var r row
	err = tx.Get(ctx, &r, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND email_folded = $4 AND state = 'offered'`,
		businessID, id, mode, address.Folded)
	if errors.Is(err, db.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := s.Links.EndOffer(ctx, tx, businessID, id, mode, r.Quantity); err != nil {
		return false, err
	}
	if err := s.end(ctx, tx, r.entry(), Taken); err != nil {
		return false, err
	}
	if free, err := s.Links.ConsumeFresh(ctx, tx, businessID, id, mode, units); err != nil || !free {
		return false, err
	}
	return true, s.fill(ctx, tx, businessID, id, mode)
}

// holdBack is how long a slot stays out of the list that is for somebody already. If they
// don't get it after all, the list has it then.
const holdBack = time.Minute

// Postpone has the list of a link served when a slot that came free was not taken by whom it
// is for.
func (s *List) Postpone(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID, mode business.Mode) error {
	at := tx.Now().Add(holdBack)
	n, err := tx.Exec(ctx, `UPDATE waiting_entries SET due_at = $4 WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state = 'waiting'`, businessID, id, mode, db.At(at))
	if n > 0 {
		s.offers.DueAt(tx, at)
	}
	return err
}
