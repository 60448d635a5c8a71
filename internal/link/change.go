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
	// BecameOverdue: its due date has passed, and somebody has not paid.
	BecameOverdue ChangeKind = "overdue"
)

// Change is something that was done to a link.
type Change struct {
	Kind ChangeKind
	Link Link // as it is behind the change; before it for Deleted
	// DueChanged tells that its due date is another one, or was set or taken away.
	DueChanged bool
}

// OnChange adds who hears of changes, in their transaction; a deletion is told
// while the link is still there. It is for wiring, before the store is used.
func (s *Links) OnChange(do func(ctx context.Context, tx *db.Tx, b business.Business, c Change) error) {
	s.changed = append(s.changed, do)
}

func (s *Links) notify(ctx context.Context, tx *db.Tx, b business.Business, kind ChangeKind, l Link) error {
	return s.notifyChange(ctx, tx, b, Change{Kind: kind, Link: l})
}

func (s *Links) notifyChange(ctx context.Context, tx *db.Tx, b business.Business, c Change) error {
	for _, do := range s.changed {
		if err := do(ctx, tx, b, c); err != nil {
			return err
		}
	}
	return nil
}

// notifyUpdate tells of one change, and of a limit that was reached by it.
func (s *Links) notifyUpdate(ctx context.Context, tx *db.Tx, b business.Business, before, after Link) error {
	kind := Updated
	if before.Active && !after.Active {
		kind = Deactivated
	}
	if err := s.notifyChange(ctx, tx, b, Change{Kind: kind, Link: after, DueChanged: before.DueOn != after.DueOn}); err != nil {
		return err
	}
	if before.Full() || !after.Full() {
		return nil
	}
	return s.notify(ctx, tx, b, Reached, after)
}
