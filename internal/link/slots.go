package link

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Hold takes a slot for an attempt, inside the transaction that inserts it.
// One conditional update is the rule, so however many pay at once, held and
// used together never pass the limit. Errors: LimitReached when all payments
// are made, SlotTaken when the rest is held and may free up, NotFound when the
// link takes no payments now. It returns what is left of a limited link, nil of one
// without a limit.
func (s *Links) Hold(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) (*Places, error) {
	var after struct {
		Held, Consumed int64
		Capacity       *int64
	}
	err := tx.Get(ctx, &after, `
		UPDATE link_slots SET held = held + 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND (capacity IS NULL OR held + consumed < capacity)
			AND EXISTS (SELECT 1 FROM links l WHERE l.id = $1 AND l.business_id = $2 AND l.active AND l.deleted_at IS NULL
				AND (l.starts_at IS NULL OR l.starts_at <= $4) AND (l.ends_at IS NULL OR l.ends_at > $4))
		RETURNING held, consumed, capacity`, id, businessID, mode, db.At(tx.Now()))
	if errors.Is(err, db.ErrNoRows) {
		return nil, whyNotHeld(ctx, tx, businessID, id, mode)
	}
	if err != nil || after.Capacity == nil {
		return nil, err
	}
	unsold := *after.Capacity - after.Consumed
	return &Places{Unsold: unsold, Free: unsold - after.Held}, nil
}

// Places are those of a limited link that can still be had.
type Places struct {
	Unsold int64 // held ones too
	Free   int64
}

// Wanted notes that somebody found every place of a link held by others. The note is
// made once a minute at most.
func (s *Links) Wanted(ctx context.Context, businessID business.ID, id ID, mode business.Mode) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE link_slots SET wanted_at = $4 WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND (wanted_at IS NULL OR wanted_at < $5)`,
			id, businessID, mode, db.At(tx.Now()), db.At(tx.Now().Add(-time.Minute)))
		return err
	})
}

// whyNotHeld tells apart what the update refused.
func whyNotHeld(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	var found row
	err := tx.Get(ctx, &found, `SELECT `+rowColumns+rowTables+` AND l.id = $3`, businessID, mode, id)
	switch {
	case errors.Is(err, db.ErrNoRows):
		return errNotFound
	case err != nil:
		return err
	}
	l := found.link()
	switch {
	case !l.Active:
		return fault.New(fault.NotFound, "This link takes no payments at the moment.")
	case l.Early(tx.Now()):
		return fault.New(fault.NotFound, "This link is not open yet.")
	case l.Ended(tx.Now()):
		return fault.New(fault.NotFound, "This link has ended.")
	case l.Limit.reached(l.Slots.Used):
		return fault.New(fault.LimitReached, "Payment limit reached. You have not been charged.")
	}
	return fault.New(fault.SlotTaken, "Someone is paying for the last place right now. It may free up; try again in a few minutes. You have not been charged.")
}

// Release gives a held slot back, when the provider confirms that its attempt
// can no longer be paid.
func (s *Links) Release(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET held = held - 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND held > 0 RETURNING consumed, capacity`)
}

// Consume turns a held slot into a payment.
func (s *Links) Consume(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET held = held - 1, consumed = consumed + 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND held > 0 RETURNING consumed, capacity`)
}

// ConsumeFresh takes a slot for a payment whose hold had been given back. It
// reports false when there is none left.
func (s *Links) ConsumeFresh(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) (bool, error) {
	err := change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET consumed = consumed + 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND (capacity IS NULL OR held + consumed < capacity) RETURNING consumed, capacity`)
	if errors.Is(err, errNoSlot) {
		return false, nil
	}
	return err == nil, err
}

// GiveBack makes room for another payment, when one was refunded and the
// merchant wants its place to be free again.
func (s *Links) GiveBack(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET consumed = consumed - 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND consumed > 0 RETURNING consumed, capacity`)
}

// What HoldAgain finds.
var (
	ErrGone    = errors.New("link: there is no such link")
	ErrNoPlace = errors.New("link: no place is free")
)

// HoldAgain takes a slot for an attempt that a backup had forgotten, whether the
// link takes payments now or not. ErrNoPlace: none is free.
func (s *Links) HoldAgain(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	var there bool
	if err := tx.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM links WHERE business_id = $1 AND id = $2)`, businessID, id); err != nil {
		return err
	}
	if !there {
		return ErrGone
	}
	err := change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET held = held + 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND (capacity IS NULL OR held + consumed < capacity) RETURNING consumed, capacity`)
	if errors.Is(err, errNoSlot) {
		return ErrNoPlace
	}
	return err
}

// errNoSlot says that the update found no slot to change. From Release and
// Consume it is a mistake of ours: the transaction must not go on.
var errNoSlot = errors.New("link: no such slot")

// change runs an update of slots and tells who shows what remains.
func change(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, statement string) error {
	var after struct {
		Consumed int64
		Capacity *int64
	}
	err := tx.Get(ctx, &after, statement, id, businessID, mode)
	if errors.Is(err, db.ErrNoRows) {
		return errNoSlot
	}
	if err == nil && after.Capacity != nil {
		tx.Notify("link", string(id))
	}
	return err
}
