package waitinglist

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// fill offers the free slots of a link to those who wait, in their order, each to the
// first whose number fits. It runs in the transaction that freed them. Whom no mail can tell
// today is passed over until tomorrow.
func (s *List) fill(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID, mode business.Mode) error {
	for last := int64(0); ; {
		line, err := s.Links.LockLine(ctx, tx, businessID, id, mode)
		if err != nil || line.Waiting == 0 || line.Free == 0 {
			return err
		}
		b, err := s.Businesses.ByIDTx(ctx, tx, businessID)
		if err != nil {
			return err
		}
		b.Mode = mode
		l, err := s.Links.GetTx(ctx, tx, b, id)
		if fault.Is(err, fault.NotFound) {
			return nil // its list ended with it
		}
		if err != nil {
			return err
		}
		if !l.Open(tx.Now()) {
			return nil // nobody could pay
		}
		if err := s.within(ctx, tx, l, mode); err != nil {
			return err
		}
		var next row
		err = tx.Get(ctx, &next, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state = 'waiting' AND quantity <= $4 AND number > $5
			ORDER BY number LIMIT 1`, businessID, id, mode, line.Fits(), last)
		if errors.Is(err, db.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		last = next.Number
		err = s.offer(ctx, tx, b, l, next.entry())
		if errors.Is(err, errMailsUsedUp) {
			err = s.askTomorrow(ctx, tx, next)
		}
		if err != nil {
			return err
		}
	}
}

// within makes those who wait want what a payment of the link can buy by now: who waits for
// fewer could not take an offer, and whom it never fits would keep the page closed for good.
func (s *List) within(ctx context.Context, tx *db.Tx, l link.Link, mode business.Mode) error {
	_, err := tx.Exec(ctx, `UPDATE waiting_entries SET quantity = CASE WHEN quantity < $4 THEN $4 ELSE $5 END, updated_at = $6
		WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state = 'waiting' AND (quantity < $4 OR quantity > $5)`,
		l.BusinessID, l.ID, mode, l.Least(), max(l.Least(), l.Most()), db.At(tx.Now()))
	return err
}

// errMailsUsedUp says that nobody could tell them of an offer today.
var errMailsUsedUp = fault.New(fault.Conflict, "This address got three emails from you today, the most for one that nobody has confirmed. Offer the place tomorrow.")

// askTomorrow has the list served again when whom it passes over can be written to.
func (s *List) askTomorrow(ctx context.Context, tx *db.Tx, e row) error {
	at := tx.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) // mails are counted by days in UTC
	s.offers.DueAt(tx, at)
	_, err := tx.Exec(ctx, `UPDATE waiting_entries SET due_at = $3 WHERE business_id = $1 AND id = $2 AND (due_at IS NULL OR due_at > $3)`, e.BusinessID, e.ID, db.At(at))
	return err
}

// offer tells an entry that waits of slots and holds them, or changes nothing and returns
// errMailsUsedUp. An address that can't be written to, by now, leaves the list.
func (s *List) offer(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, e Entry) error {
	var silent bool
	if err := tx.Get(ctx, &silent, `SELECT EXISTS (SELECT 1 FROM suppressions s JOIN waiting_entries w ON w.id = $2 WHERE s.business_id = $1 AND s.channel = 'email' AND s.address = w.email_folded)`, b.ID, e.ID); err != nil {
		return err
	}
	if silent {
		if err := s.Links.Leave(ctx, tx, b.ID, l.ID, e.Mode); err != nil {
			return err
		}
		return s.end(ctx, tx, e, Ended)
	}
	until := tx.Now().Add(time.Duration(l.OfferHours) * time.Hour)
	if l.EndsAt != nil && l.EndsAt.Before(until) {
		until = *l.EndsAt // nobody could pay behind it
	}
	e.State, e.OfferedUntil = Offered, &until
	told, err := s.mail(ctx, tx, b, l, e)
	if err != nil {
		return err
	}
	if !told {
		return errMailsUsedUp
	}
	held, err := s.Links.Offer(ctx, tx, b.ID, l.ID, e.Mode, e.Quantity)
	if err != nil {
		return err
	}
	if !held {
		return fault.New(fault.Conflict, "No place is free. Raise the limit, and the list is served first.")
	}
	n, err := tx.Exec(ctx, `UPDATE waiting_entries SET state = 'offered', offered_until = $3, due_at = $3, updated_at = $4 WHERE business_id = $1 AND id = $2 AND state = 'waiting'`,
		b.ID, e.ID, db.At(until), db.At(tx.Now()))
	if err != nil {
		return err
	}
	if n == 0 {
		return errors.New("waitinglist: who is offered a place does not wait")
	}
	s.offers.DueAt(tx, until)
	for _, do := range s.offered {
		if err := do(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// OfferNow offers a free slot to somebody out of turn, also to who declined or let an
// offer pass. Errors: NotFound, Conflict when they have a slot or an offer, when no slot is
// free, or when no mail may go to them: they leave the list then.
func (s *List) OfferNow(ctx context.Context, b business.Business, id ID) (e Entry, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if e, err = s.locked(ctx, tx, b.ID, id); err != nil {
			return err
		}
		if e.State == Taken || e.State == Offered {
			return fault.New(fault.Conflict, "They have a place or an offer already.")
		}
		b.Mode = e.Mode
		l, err := s.Links.GetTx(ctx, tx, b, e.LinkID)
		if err != nil {
			return err
		}
		if !l.Open(tx.Now()) {
			return fault.New(fault.Conflict, "This link takes no payments at the moment, so nobody could take the offer.")
		}
		if e.State != Waiting {
			if err := s.waitAgain(ctx, tx, e); err != nil {
				return err
			}
		}
		if err := s.within(ctx, tx, l, e.Mode); err != nil {
			return err
		}
		if e, err = s.Get(ctx, tx, b.ID, id); err != nil {
			return err
		}
		if err := s.offer(ctx, tx, b, l, e); err != nil {
			return err
		}
		e, err = s.Get(ctx, tx, b.ID, id)
		return err
	})
	if err == nil && e.State != Offered {
		err = fault.New(fault.Conflict, "No email may go to this address any more, so it is off the list.")
	}
	return e, err
}

// waitAgain puts who left the list back where they were.
func (s *List) waitAgain(ctx context.Context, tx *db.Tx, e Entry) error {
	n, err := tx.Exec(ctx, `UPDATE waiting_entries SET state = 'waiting', updated_at = $3 WHERE business_id = $1 AND id = $2
		AND NOT EXISTS (SELECT 1 FROM waiting_entries o WHERE o.link_id = waiting_entries.link_id AND o.mode = waiting_entries.mode AND o.email_folded = waiting_entries.email_folded AND o.state IN ('waiting', 'offered'))`,
		e.BusinessID, e.ID, db.At(tx.Now()))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "They are on the list again, further down.")
	}
	return s.Links.Wait(ctx, tx, e.BusinessID, e.LinkID, e.Mode)
}

// locked is an entry under the lock of its list.
func (s *List) locked(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Entry, error) {
	e, err := s.Get(ctx, tx, businessID, id)
	if err != nil {
		return Entry{}, err
	}
	if _, err := s.Links.LockLine(ctx, tx, businessID, e.LinkID, e.Mode); err != nil {
		return Entry{}, err
	}
	return s.Get(ctx, tx, businessID, id)
}

// Valid reports whether an entry's offer can be taken at an instant.
func (e Entry) Valid(at time.Time) bool {
	return e.State == Offered && e.OfferedUntil != nil && at.Before(*e.OfferedUntil)
}

// Leave takes an entry off the list by its token: they no longer want a slot. Who has
// taken theirs stays, and who left before is no mistake.
func (s *List) Leave(ctx context.Context, token string) (e Entry, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if e, err = s.lockedBy(ctx, tx, token); err != nil {
			return err
		}
		e, err = s.leave(ctx, tx, e, Declined)
		return err
	})
	return e, err
}

// lockedBy is locked for the token of an entry.
func (s *List) lockedBy(ctx context.Context, tx *db.Tx, token string) (Entry, error) {
	var id struct {
		ID         ID
		BusinessID business.ID
	}
	err := tx.Get(ctx, &id, `SELECT id, business_id FROM waiting_entries WHERE token = $1`, token)
	if errors.Is(err, db.ErrNoRows) {
		return Entry{}, errNoEntry
	}
	if err != nil {
		return Entry{}, err
	}
	return s.locked(ctx, tx, id.BusinessID, id.ID)
}

// Remove takes somebody off the list; a slot that was offered to them goes to the next.
// Errors: NotFound, and Conflict for who is on it no more.
func (s *List) Remove(ctx context.Context, b business.Business, id ID) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		e, err := s.locked(ctx, tx, b.ID, id)
		if err != nil {
			return err
		}
		if e.State != Waiting && e.State != Offered {
			return fault.New(fault.Conflict, "They are not on the waiting list any more.")
		}
		_, err = s.leave(ctx, tx, e, Ended)
		return err
	})
}

func (s *List) remove(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, to State) (Entry, error) {
	e, err := s.locked(ctx, tx, businessID, id)
	if err != nil {
		return Entry{}, err
	}
	return s.leave(ctx, tx, e, to)
}

// leave ends an entry that waits or has an offer, whose slots go to the next.
func (s *List) leave(ctx context.Context, tx *db.Tx, e Entry, to State) (Entry, error) {
	switch e.State {
	case Waiting:
		if err := s.Links.Leave(ctx, tx, e.BusinessID, e.LinkID, e.Mode); err != nil {
			return e, err
		}
	case Offered:
		if err := s.Links.EndOffer(ctx, tx, e.BusinessID, e.LinkID, e.Mode, e.Quantity); err != nil {
			return e, err
		}
	default:
		return e, nil
	}
	before := e.State
	e.State = to
	if err := s.end(ctx, tx, e, to); err != nil || before == Waiting {
		return e, err
	}
	return e, s.fill(ctx, tx, e.BusinessID, e.LinkID, e.Mode)
}

func (s *List) end(ctx context.Context, tx *db.Tx, e Entry, to State) error {
	_, err := tx.Exec(ctx, `UPDATE waiting_entries SET state = $3, due_at = NULL, updated_at = $4 WHERE business_id = $1 AND id = $2`, e.BusinessID, e.ID, to, db.At(tx.Now()))
	return err
}
