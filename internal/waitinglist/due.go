package waitinglist

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
)

// due names an entry whose offer ends, or whose link opens or ends while it waits.
type due struct {
	BusinessID business.ID
	LinkID     link.ID
	Mode       business.Mode
	ID         ID
}

func (d due) key() []any    { return []any{d.ID} }
func (d due) group() string { return string(d.BusinessID) }

// addWork adds what entries are due for to the queue.
func (s *List) addWork() {
	s.offers = job.Add(s.Queue, job.Kind[due]{
		Name: "offers", AtOnce: 4, AtOnceEach: 2, KeyOf: due.key, GroupOf: due.group,
		Rows: job.Rows{Table: "waiting_entries", Key: []string{"id"}, Group: "business_id", Returning: "business_id, link_id, mode, id"},
		Do:   s.do,
	})
}

// EndDue ends the offers whose time has passed, and does what is due for who waits for links
// that opened or ended: for whoever must know that all is done, such as the test clock.
func (s *List) EndDue(ctx context.Context) error {
	_, err := s.offers.Drain(ctx)
	return err
}

// do does what an entry is due for.
func (s *List) do(ctx context.Context, d due) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		e, err := s.locked(ctx, tx, d.BusinessID, d.ID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil || e.State != Waiting && e.State != Offered || e.Valid(tx.Now()) {
			return err
		}
		l, err := s.Links.GetTx(ctx, tx, business.Business{ID: e.BusinessID, Mode: e.Mode}, e.LinkID)
		gone := fault.Is(err, fault.NotFound)
		if err != nil && !gone {
			return err
		}
		switch {
		case gone || l.HasEnded(tx.Now()):
			_, err = s.leave(ctx, tx, e, Ended)
		case e.State == Waiting:
			err = s.turn(ctx, tx, l, e.Mode)
		case l.Open(tx.Now()) || !l.WaitingList || !l.Limit.Limited():
			_, err = s.leave(ctx, tx, e, Ended)
		default:
			err = s.takeBack(ctx, tx, l, e)
		}
		return err
	})
}

// turn serves the list of a link that has opened, and says when the list is due next.
func (s *List) turn(ctx context.Context, tx *db.Tx, l link.Link, mode business.Mode) error {
	turn := l.Turn(tx.Now())
	if turn != nil {
		s.offers.DueAt(tx, *turn)
	}
	// First, because serving the list may make some of it due earlier.
	if _, err := tx.Exec(ctx, `UPDATE waiting_entries SET due_at = $4 WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state = 'waiting'`,
		l.BusinessID, l.ID, mode, db.AtPtr(turn)); err != nil {
		return err
	}
	return s.fill(ctx, tx, l.BusinessID, l.ID, mode)
}

// takeBack ends an offer that could not be taken in the end, because the link starts later
// or is off: they wait again, where they were.
func (s *List) takeBack(ctx context.Context, tx *db.Tx, l link.Link, e Entry) error {
	if err := s.Links.EndOffer(ctx, tx, e.BusinessID, e.LinkID, e.Mode, e.Quantity); err != nil {
		return err
	}
	if err := s.Links.Wait(ctx, tx, e.BusinessID, e.LinkID, e.Mode); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE waiting_entries SET state = 'waiting', offered_until = NULL, updated_at = $3 WHERE business_id = $1 AND id = $2`,
		e.BusinessID, e.ID, db.At(tx.Now())); err != nil {
		return err
	}
	return s.turn(ctx, tx, l, e.Mode)
}
