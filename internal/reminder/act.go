package reminder

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// each does something to all plans of a link, locked one after another in one
// order, and stores what became of them.
func (s *Reminders) each(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, mode business.Mode, do func(r *planRow) error) error {
	var ids []delivery.RecipientID
	err := tx.Select(ctx, &ids, `SELECT recipient_id FROM reminder_plans WHERE business_id = $1 AND link_id = $2 AND mode = $3 ORDER BY recipient_id`, businessID, linkID, mode)
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := lockPlan(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if err := do(&r); err != nil {
			return err
		}
		if err := r.store(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// act does something to the plans of a link that have not ended, or to that of
// one recipient. Those that ended with the link are under way again once it takes
// payments. Conflict: there is none.
func (s *Reminders) act(ctx context.Context, b business.Business, linkID link.ID, only delivery.RecipientID, do func(tx *db.Tx, r *planRow, set Settings) error) error {
	if _, err := s.Links.Get(ctx, b, linkID); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		l, err := s.Links.GetTx(ctx, tx, b, linkID)
		if err != nil {
			return err
		}
		reopened := func(r *planRow) bool { return r.State == Stopped && r.Reason == LinkClosed && !closed(l, tx.Now()) }
		set, err := s.Settings(ctx, tx, b.ID, linkID)
		if err != nil {
			return err
		}
		done := 0
		err = s.each(ctx, tx, b.ID, linkID, b.Mode, func(r *planRow) error {
			if set == nil || only != "" && r.RecipientID != only {
				return nil
			}
			switch {
			case reopened(r):
				r.State, r.Reason = Paused, ""
			case r.State != Active && r.State != Paused:
				return nil
			}
			done++
			return do(tx, r, *set)
		})
		if err == nil && done == 0 {
			err = fault.New(fault.Conflict, "This link has no reminders under way.")
		}
		return err
	})
}

// Pause lets reminders rest: all of a link, or those to one recipient.
func (s *Reminders) Pause(ctx context.Context, b business.Business, linkID link.ID, only delivery.RecipientID) error {
	return s.act(ctx, b, linkID, only, func(tx *db.Tx, r *planRow, _ Settings) error {
		r.State, r.DueAt = Paused, db.Time{}
		return nil
	})
}

// Resume goes on with what was paused, or what ended with a link that is open
// again, on its grid; what fell into the pause is not made up for.
func (s *Reminders) Resume(ctx context.Context, b business.Business, linkID link.ID, only delivery.RecipientID) error {
	return s.act(ctx, b, linkID, only, func(tx *db.Tx, r *planRow, set Settings) error {
		if r.State != Paused {
			return nil
		}
		r.State = Active
		if !r.AnchorAt.IsZero() {
			grid := r.schedule(set, b.Location())
			latest := grid.Latest(r.Occurrence, tx.Now())
			if err := s.leaveOut(ctx, tx, *r, grid, latest+1, tx.Now(), Rested); err != nil {
				return err
			}
			r.Occurrence = latest
		}
		r.next(set, b.Location(), tx.Now())
		return nil
	})
}

// Skip leaves out the next one.
func (s *Reminders) Skip(ctx context.Context, b business.Business, linkID link.ID, only delivery.RecipientID) error {
	return s.act(ctx, b, linkID, only, func(tx *db.Tx, r *planRow, set Settings) error {
		if r.State != Active || r.AnchorAt.IsZero() {
			return nil
		}
		grid := r.schedule(set, b.Location())
		next, due := grid.Next(r.Occurrence, tx.Now())
		if due.IsZero() { // no day is left, as where the due date was taken away
			return nil
		}
		if err := s.leaveOut(ctx, tx, *r, grid, next+1, due, ByHand); err != nil {
			return err
		}
		r.Occurrence = next
		r.next(set, b.Location(), due)
		return nil
	})
}

// SendNow sends the next one at once, and the grid goes on behind it. Conflict:
// the recipient is paying, or nothing was sent yet.
func (s *Reminders) SendNow(ctx context.Context, b business.Business, linkID link.ID, only delivery.RecipientID) error {
	return s.act(ctx, b, linkID, only, func(tx *db.Tx, r *planRow, set Settings) error {
		if r.AnchorAt.IsZero() {
			return fault.New(fault.Conflict, "The link itself is still on its way. Reminders count from when it was sent.")
		}
		return s.remind(ctx, tx, b, r, &Hand{})
	})
}
