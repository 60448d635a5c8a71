package waitinglist

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/payment/attempt"
)

// Take makes the slots of an offer those of an attempt, in the transaction that makes it.
// False: there is no such offer any more.
func (s *List) Take(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID, mode business.Mode, token string, attempt attempt.ID, units int64) (bool, error) {
	if _, err := s.Links.LockLine(ctx, tx, businessID, id, mode); err != nil {
		return false, err
	}
	var taken row
	err := tx.Get(ctx, &taken, `UPDATE waiting_entries SET state = 'taken', attempt_id = $5, due_at = NULL, updated_at = $6
		WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND token = $4 AND state = 'offered' AND offered_until > $6 RETURNING `+columns,
		businessID, id, mode, token, attempt, db.At(tx.Now()))
	if errors.Is(err, db.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := s.Links.TakeOffer(ctx, tx, businessID, id, mode, taken.Quantity); err != nil {
		return false, err
	}
	// They may buy fewer, or more where there are; what was held beyond is for the next.
	return true, s.Links.HoldInstead(ctx, tx, businessID, id, mode, taken.Quantity, units)
}

// Pass makes what one attempt took of an offer that of another one, which replaces it.
func (s *List) Pass(ctx context.Context, tx *db.Tx, from attempt.Attempt, to attempt.ID) error {
	e, err := s.takenBy(ctx, tx, from, Taken)
	if err != nil || e.ID == "" {
		return err
	}
	if _, err := s.Links.LockLine(ctx, tx, from.BusinessID, from.LinkID, from.Mode); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE waiting_entries SET attempt_id = $3, updated_at = $4 WHERE business_id = $1 AND id = $2 AND state = 'taken'`, e.BusinessID, e.ID, to, db.At(tx.Now()))
	return err
}

// Return gives the slots of an attempt that ended without money back to the offer that it
// took, until the same end; it runs in the transaction that ends the attempt. False: the
// attempt took none, or its time has passed, and the slots are free.
func (s *List) Return(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	e, err := s.takenBy(ctx, tx, a, Taken)
	if err != nil || e.ID == "" {
		return false, err
	}
	line, err := s.Links.LockLine(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
	if err != nil {
		return false, err
	}
	lasts, err := s.lasts(ctx, tx, e, line)
	if err != nil {
		return false, err
	}
	if !lasts {
		return false, s.end(ctx, tx, e, Ended)
	}
	// Fewer than were offered may have been wanted; the others are with the next.
	quantity := min(e.Quantity, a.Quantity)
	if _, err := tx.Exec(ctx, `UPDATE waiting_entries SET state = 'offered', quantity = $3, due_at = offered_until, updated_at = $4 WHERE business_id = $1 AND id = $2`,
		e.BusinessID, e.ID, quantity, db.At(tx.Now())); err != nil {
		return false, err
	}
	s.offers.DueAt(tx, *e.OfferedUntil)
	if err := s.Links.ReturnOffer(ctx, tx, a.BusinessID, a.LinkID, a.Mode, quantity); err != nil {
		return false, err
	}
	return true, s.Links.HoldInstead(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity, quantity)
}

// keptFor is how long a slot is kept for who wants to pay in another way: as long as a
// checkout holds it.
const keptFor = 30 * time.Minute

// Keep makes the slots of an attempt that its payer has closed an offer to them, for as long
// as a checkout would hold them: they want to pay in another way, and all who wait come
// behind them. It runs in the transaction that ends the attempt. False: nobody waits, or
// they have an offer already; the slots are free.
func (s *List) Keep(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	to, err := mailaddr.Parse(a.Payer.Email)
	if err != nil || a.LinkID == "" {
		return false, nil
	}
	line, err := s.Links.LockLine(ctx, tx, a.BusinessID, a.LinkID, a.Mode)
	if err != nil || line.Max == 0 || line.Waiting == 0 {
		return false, err
	}
	l, err := s.Links.GetTx(ctx, tx, business.Business{ID: a.BusinessID, Mode: a.Mode}, a.LinkID)
	if fault.Is(err, fault.NotFound) || err == nil && !l.Open(tx.Now()) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var rows []row
	if err := tx.Select(ctx, &rows, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND email_folded = $4 AND state IN ('waiting', 'offered')`,
		a.BusinessID, a.LinkID, a.Mode, to.Folded); err != nil {
		return false, err
	}
	for _, r := range rows {
		if r.State == Offered {
			return false, nil
		}
		if err := s.Links.Leave(ctx, tx, a.BusinessID, a.LinkID, a.Mode); err != nil {
			return false, err
		}
		if err := s.end(ctx, tx, r.entry(), Ended); err != nil {
			return false, err
		}
	}
	e, err := s.insert(ctx, tx, business.Business{ID: a.BusinessID, Mode: a.Mode}, l, to, a.Payer.Language, a.Quantity)
	if err != nil {
		return false, err
	}
	until := tx.Now().Add(keptFor)
	if _, err := tx.Exec(ctx, `UPDATE waiting_entries SET state = 'offered', attempt_id = $3, offered_until = $4, due_at = $4 WHERE business_id = $1 AND id = $2`,
		e.BusinessID, e.ID, a.ID, db.At(until)); err != nil {
		return false, err
	}
	s.offers.DueAt(tx, until)
	return true, s.Links.ReturnOffer(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity)
}

// ReturnedBy is the token of the offer that an attempt took and gave back when it ended
// without money, "" when there is none that can be taken.
func (s *List) ReturnedBy(ctx context.Context, a attempt.Attempt) (string, error) {
	e, err := s.takenBy(ctx, s.DB, a, Offered)
	if err != nil || !e.Valid(s.DB.Clock().Now()) {
		return "", err
	}
	return e.Token, nil
}

// lasts reports whether an offer that was taken can be made again. Who joined the list anew
// meanwhile waits no more then.
func (s *List) lasts(ctx context.Context, tx *db.Tx, e Entry, line link.Line) (bool, error) {
	if line.Max == 0 || e.OfferedUntil == nil || !tx.Now().Before(*e.OfferedUntil) {
		return false, nil
	}
	_, err := s.Links.GetTx(ctx, tx, business.Business{ID: e.BusinessID, Mode: e.Mode}, e.LinkID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var other row
	err = tx.Get(ctx, &other, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state IN ('waiting', 'offered')
		AND email_folded = (SELECT w.email_folded FROM waiting_entries w WHERE w.business_id = $1 AND w.id = $4)`, e.BusinessID, e.LinkID, e.Mode, e.ID)
	switch {
	case errors.Is(err, db.ErrNoRows):
		return true, nil
	case err != nil || other.State == Offered: // they have another slot
		return false, err
	}
	if err := s.Links.Leave(ctx, tx, e.BusinessID, e.LinkID, e.Mode); err != nil {
		return false, err
	}
	return true, s.end(ctx, tx, other.entry(), Ended)
}

// Reclaim frees the slots that Return gave back to an attempt's offer, for the money of
// the same attempt that comes after all. False: there is no such offer any more.
func (s *List) Reclaim(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	if _, err := s.Links.LockLine(ctx, tx, a.BusinessID, a.LinkID, a.Mode); err != nil {
		return false, err
	}
	e, err := s.takenBy(ctx, tx, a, Offered)
	if err != nil || e.ID == "" || e.Quantity < a.Quantity {
		return false, err
	}
	if err := s.Links.EndOffer(ctx, tx, a.BusinessID, a.LinkID, a.Mode, e.Quantity); err != nil {
		return false, err
	}
	return true, s.end(ctx, tx, e, Taken)
}

// takenBy is the entry in a state whose offer an attempt took last, an empty one for none.
func (s *List) takenBy(ctx context.Context, from db.Reader, a attempt.Attempt, in State) (Entry, error) {
	var r row
	err := from.Get(ctx, &r, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND attempt_id = $4 AND state = $5`,
		a.BusinessID, a.LinkID, a.Mode, a.ID, in)
	if errors.Is(err, db.ErrNoRows) {
		return Entry{}, nil
	}
	return r.entry(), err
}
