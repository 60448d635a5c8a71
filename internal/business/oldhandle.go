package business

import (
	"context"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// OldHandle is one that a business had before. It stays the business's own and leads
// to it, because it is printed on what hangs on walls: whoever else had it would be
// paid by who scans that.
type OldHandle struct {
	Handle string
	Since  time.Time // when the business gave it up
}

// OldHandles returns those of a business, the last given up first.
func (s *Businesses) OldHandles(ctx context.Context, id ID) ([]OldHandle, error) {
	var rows []struct {
		Handle    string
		CreatedAt db.Time `db:"created_at"`
	}
	err := s.db.Select(ctx, &rows, `SELECT handle, created_at FROM old_handles WHERE business_id = $1 ORDER BY created_at DESC, handle`, id)
	var list []OldHandle
	for _, r := range rows {
		list = append(list, OldHandle{r.Handle, r.CreatedAt.Time})
	}
	return list, err
}

// ReleaseHandle ends an old handle of the business: nothing is there any more, and any
// business may take it. Errors: NotFound.
func (s *Businesses) ReleaseHandle(ctx context.Context, id ID, handle string) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM old_handles WHERE business_id = $1 AND handle = $2`, id, handle)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "This is no old handle of yours any more.")
		}
		tx.Notify("business", string(id))
		return nil
	})
}

// keepHandle makes a handle that the business gives up lead to it from now on.
func keepHandle(ctx context.Context, tx *db.Tx, id ID, handle string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO old_handles (handle, business_id, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (handle) DO UPDATE SET business_id = excluded.business_id, created_at = excluded.created_at`,
		handle, id, db.At(tx.Now()))
	return err
}

// takeHandle finishes what gave the business its handle: an old one of its own is
// its present one again, and one that another keeps is refused. It comes behind the
// write of the handle, which waits for whoever is giving the same one up.
func takeHandle(ctx context.Context, tx *db.Tx, id ID, handle string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM old_handles WHERE handle = $1 AND business_id = $2`, handle, id); err != nil {
		return err
	}
	var kept bool
	if err := tx.Get(ctx, &kept, `SELECT EXISTS (SELECT 1 FROM old_handles WHERE handle = $1)`, handle); err != nil {
		return err
	}
	if kept {
		var fields fault.Fields
		addTaken(handle, &fields)
		return fields.Err()
	}
	return nil
}
