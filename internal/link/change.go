package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// ChangeKind says what a member or a program did to a link.
type ChangeKind string

// The kinds of changes.
const (
	Created     ChangeKind = "created"
	Updated     ChangeKind = "updated"
	Deactivated ChangeKind = "deactivated" // switched off, whatever else changed with it
	Deleted     ChangeKind = "deleted"
	// Reached: its limit was lowered to what is used. Payments that reach the
	// limit tell of it themselves.
	Reached ChangeKind = "limit_reached"
)

// Change is something that was done to a link.
type Change struct {
	Kind ChangeKind
	Link Link // as it is behind the change; before it for Deleted
}

// OnChange adds who hears of changes, in their transaction; a deletion is told
// while the link is still there. It is for wiring, before the store is used.
func (s *Links) OnChange(do func(ctx context.Context, tx *db.Tx, b business.Business, c Change) error) {
	s.changed = append(s.changed, do)
}

func (s *Links) tell(ctx context.Context, tx *db.Tx, b business.Business, kind ChangeKind, l Link) error {
	for _, do := range s.changed {
		if err := do(ctx, tx, b, Change{kind, l}); err != nil {
			return err
		}
	}
	return nil
}

// tellUpdate tells of one change, and of a limit that was reached by it.
func (s *Links) tellUpdate(ctx context.Context, tx *db.Tx, b business.Business, before, after Link) error {
	kind := Updated
	if before.Active && !after.Active {
		kind = Deactivated
	}
	if err := s.tell(ctx, tx, b, kind, after); err != nil {
		return err
	}
	if before.Limit.reached(before.Slots.Used) || !after.Limit.reached(after.Slots.Used) {
		return nil
	}
	return s.tell(ctx, tx, b, Reached, after)
}

// Full reports whether the payment that this transaction counted was the last
// that the link takes. Of many payments one is: it holds the row.
func (s *Links) Full(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) (full bool, err error) {
	err = tx.Get(ctx, &full, `SELECT EXISTS (SELECT 1 FROM link_slots WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND consumed = capacity)`,
		businessID, id, mode)
	return full, err
}
