package tag

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Merge makes two tags of one kind one: whatever carries gone carries keep
// instead, and gone is deleted. Errors: NotFound; Invalid when both are the
// same or of different kinds.
func (s *Tags) Merge(ctx context.Context, businessID business.ID, keep, gone ID) (Tag, error) {
	if keep == gone {
		return Tag{}, fault.New(fault.Invalid, "Choose another tag to merge with; this is the same one.")
	}
	var kept Tag
	err := s.db.InTx(ctx, func(tx *db.Tx) (err error) {
		if kept, err = lockBoth(ctx, tx, businessID, keep, gone); err != nil {
			return err
		}
		for _, also := range s.merged {
			if err := also(ctx, tx, businessID, keep, gone); err != nil {
				return err
			}
		}
		return remove(ctx, tx, businessID, gone)
	})
	return kept, err
}

// lockBoth locks two tags, the smaller id first, so that two merges never wait
// for each other.
func lockBoth(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone ID) (kept Tag, err error) {
	first, second := min(keep, gone), max(keep, gone)
	one, err := lock(ctx, tx, businessID, first)
	if err != nil {
		return Tag{}, err
	}
	two, err := lock(ctx, tx, businessID, second)
	if err != nil {
		return Tag{}, err
	}
	if one.Kind != two.Kind {
		return Tag{}, fault.New(fault.Invalid, "A tag of links and a tag of customers can't become one. Choose a tag of the same kind.")
	}
	if one.ID == keep {
		return one, nil
	}
	return two, nil
}

// lock reads a tag and keeps others from changing it until the transaction ends.
func lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (t Tag, err error) {
	err = tx.Get(ctx, &t, `UPDATE tags SET color = color WHERE business_id = $1 AND id = $2 RETURNING `+columns.List(""), businessID, id)
	return t, orMissing(err)
}

// remove deletes a tag; what carried it goes with it.
func remove(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error {
	n, err := tx.Exec(ctx, `DELETE FROM tags WHERE business_id = $1 AND id = $2`, businessID, id)
	if err == nil && n == 0 {
		err = orMissing(db.ErrNoRows)
	}
	return err
}
