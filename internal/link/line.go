package link

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// The slots of a link's waiting list: each change is one conditional update of the row
// of slots. A slot on offer is held, so that it counts against the limit like any other,
// and belongs to no attempt.

// Line is how a link's slots and its waiting list stand.
type Line struct {
	Free    int64 // payments, or units, that nobody has or holds; 0 without a limit
	ByUnits bool
	Waiting int64 // entries that wait
	Max     int64 // of the limit, 0 without one
}

// Fits is how many units an entry may want that has room now.
func (l Line) Fits() int64 {
	if l.Free > 0 && !l.ByUnits {
		return MaxLimit
	}
	return max(0, l.Free)
}

// OnFree adds what happens when a slot of a limited link comes free, in the transaction
// that frees it. It is for wiring, before the store is used.
func (s *Links) OnFree(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error) {
	s.freed = append(s.freed, do)
}

// notifyFree tells of a slot that came free.
func (s *Links) notifyFree(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	for _, do := range s.freed {
		if err := do(ctx, tx, businessID, id, mode); err != nil {
			return err
		}
	}
	return nil
}

// LockLine locks the slots of a link, so that changes of its waiting list come one after
// another, and tells how they stand.
func (s *Links) LockLine(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) (Line, error) {
	var row struct {
		slotsRow
		Waiting int64
	}
	err := tx.Get(ctx, &row, `UPDATE link_slots SET held = held WHERE link_id = $1 AND business_id = $2 AND mode = $3 RETURNING `+slotsColumns+`, waiting`, id, businessID, mode)
	if errors.Is(err, db.ErrNoRows) {
		return Line{}, errNotFound
	}
	line := Line{ByUnits: row.ByUnits, Waiting: row.Waiting}
	if row.Capacity != nil {
		line.Max, line.Free = *row.Capacity, max(0, row.availability().Free)
	}
	return line, err
}

// Wait counts an entry that waits from now on, and Leave one that does no more.
func (s *Links) Wait(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET waiting = waiting + 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 RETURNING capacity`)
}

// Leave is the other of Wait.
func (s *Links) Leave(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET waiting = waiting - 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND waiting > 0 RETURNING capacity`)
}

// Offer holds the slot of a payment of so many units for an entry that waits; false when
// there is no room for it.
func (s *Links) Offer(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) (bool, error) {
	changed, err := tx.Exec(ctx, `UPDATE link_slots SET held = held + 1, held_units = held_units + $4, offered = offered + 1, offered_units = offered_units + $4, waiting = waiting - 1
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND waiting > 0 AND capacity IS NOT NULL AND `+hasSlotsFor(4), id, businessID, mode, units)
	tx.Notify("link", string(id))
	return changed == 1, err
}

// EndOffer gives the slot of an offer back.
func (s *Links) EndOffer(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET held = held - 1, held_units = held_units - $4, offered = offered - 1, offered_units = offered_units - $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND offered > 0 AND offered_units >= $4 RETURNING capacity`, units)
}

// ReturnOffer makes so many units of an attempt's slot those of an offer: they stay held.
func (s *Links) ReturnOffer(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET offered = offered + 1, offered_units = offered_units + $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND held > offered AND held_units >= offered_units + $4 RETURNING capacity`, units)
}

// TakeOffer makes the slot of an offer that of an attempt: it stays held.
func (s *Links) TakeOffer(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET offered = offered - 1, offered_units = offered_units - $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND offered > 0 AND offered_units >= $4 RETURNING capacity`, units)
}
