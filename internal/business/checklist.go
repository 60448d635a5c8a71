package business

import (
	"context"

	"smartlinks/internal/db"
)

// HideChecklist puts the list of what is left to set up away, or brings it back.
func (s *Businesses) HideChecklist(ctx context.Context, id ID, hide bool) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		var at any
		if hide {
			at = db.At(tx.Now())
		}
		_, err := tx.Exec(ctx, `UPDATE businesses SET checklist_hidden_at = $2 WHERE id = $1`, id, at)
		return err
	})
}
