package business

import (
	"context"

	"smartlinks/internal/db"
)

// ChecklistHidden reports whether the list of what is left to set up was put
// away.
func (s *Businesses) ChecklistHidden(ctx context.Context, id ID) (hidden bool, err error) {
	err = s.db.Get(ctx, &hidden, `SELECT checklist_hidden_at IS NOT NULL FROM businesses WHERE id = $1`, id)
	return hidden, orMissing(err)
}

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
