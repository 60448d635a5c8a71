package reminder

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

// Duplicate makes a copy of a link, as the link room does, that reminds as the
// first does: nobody of the first is reminded by the copy. Errors: NotFound.
func (s *Reminders) Duplicate(ctx context.Context, b business.Business, id link.ID) (l link.Link, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if l, err = s.Links.DuplicateTx(ctx, tx, b, id); err != nil {
			return err
		}
		set, err := s.Settings(ctx, tx, b.ID, id)
		if err != nil || set == nil {
			return err
		}
		return s.SetTx(ctx, tx, b, l.ID, set)
	})
	return l, err
}
