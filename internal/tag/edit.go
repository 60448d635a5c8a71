package tag

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Edit changes a tag that was read at the version; 0 accepts any. edit may run again.
// Errors: NotFound, Stale, and Invalid with the fields that are wrong or the name
// that is taken.
func (s *Tags) Edit(ctx context.Context, businessID business.ID, id ID, version int64, edit func(*Fields)) (after Tag, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		writes := tx.Writes()
		t, err := lock(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != t.Version {
			return fault.New(fault.Stale, "Someone else changed this tag meanwhile. Look at the current one, then make your change again.")
		}
		before := t
		edit(&t.Fields)
		var wrong fault.Fields
		t.Name = nameRule.Clean("name", t.Name, wrong.Add)
		if checkColor(t.Color, &wrong); len(wrong) > 0 {
			return wrong.Err()
		}
		if after = before; t == before {
			tx.Unchanged(writes)
			return nil
		}
		set, arguments := columns.Set(t.row(), businessID, id)
		return tx.Get(ctx, &after, `UPDATE tags SET `+set+`, version = version + 1 WHERE business_id = $1 AND id = $2
			RETURNING `+columns.List(""), arguments...)
	})
	if db.IsUnique(err) {
		err = taken()
	}
	return after, err
}

// Delete removes a tag from the business and from all that carries it.
func (s *Tags) Delete(ctx context.Context, businessID business.ID, id ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if _, err := lock(ctx, tx, businessID, id); err != nil {
			return err
		}
		for _, also := range s.deleted {
			if err := also(ctx, tx, businessID, id); err != nil {
				return err
			}
		}
		return remove(ctx, tx, businessID, id)
	})
}
