package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Delete ends a link: its path and old paths lead nowhere and may be taken.
// Payments stay, as facts about money; its views are removed by the visit room.
func (s *Links) Delete(ctx context.Context, b business.Business, id ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if len(s.changed) > 0 {
			l, err := get(ctx, tx, b, id)
			if err != nil {
				return err
			}
			if err := s.notify(ctx, tx, b, Deleted, l); err != nil {
				return err
			}
		}
		n, err := tx.Exec(ctx, `UPDATE links SET deleted_at = $3, updated_at = $3 WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`,
			b.ID, id, db.At(tx.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			return errNotFound
		}
		for _, statement := range []string{
			`DELETE FROM old_paths WHERE business_id = $1 AND link_id = $2`,
			`DELETE FROM link_tags WHERE business_id = $1 AND link_id = $2`,
		} {
			if _, err := tx.Exec(ctx, statement, b.ID, id); err != nil {
				return err
			}
		}
		tx.Notify("link", string(id))
		renamed(tx, b.ID, id)
		for _, do := range s.deleted {
			if err := do(ctx, tx, b.ID, id); err != nil {
				return err
			}
		}
		return nil
	})
}
