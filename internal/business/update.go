package business

import (
	"context"
	"reflect"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Update changes a business that was read at the version; 0 accepts any. A
// renamed business keeps its old handle, which leads to it, until it lets it go.
// Errors: NotFound, Stale, and Invalid with the fields that are wrong.
func (s *Businesses) Update(ctx context.Context, id ID, version int64, p Patch) (b Business, err error) {
	// Pictures are read before the transaction, which must be quick.
	pictures, wrong, err := s.readPictures(ctx, p)
	if err != nil {
		return Business{}, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		b, err = s.update(ctx, tx, id, version, p, pictures, wrong)
		return err
	})
	if db.IsUnique(err) { // the handle is the only thing that must be unique
		var fields fault.Fields
		addTaken(*p.Handle, &fields)
		return Business{}, fields.Err()
	}
	return b, err
}

func (s *Businesses) update(ctx context.Context, tx *db.Tx, id ID, version int64, p Patch, fresh pictures, wrong fault.Fields) (Business, error) {
	writes := tx.Writes()
	r, err := lock(ctx, tx, id)
	if err != nil {
		return Business{}, orMissing(err)
	}
	if version != 0 && version != r.Version {
		return Business{}, stale()
	}
	b := s.stored(r)
	p.apply(&b)
	b.check(&wrong)
	if b.Currency != r.Currency {
		b.checkAsked(&wrong)
	}
	if err := wrong.Err(); err != nil {
		return Business{}, err
	}
	if err := fresh.keep(ctx, tx, &b); err != nil {
		return Business{}, err
	}
	if reflect.DeepEqual(s.stored(r).values(), b.values()) {
		tx.Unchanged(writes)
		return s.business(r), nil
	}
	written, err := write(ctx, tx, b)
	if err != nil {
		return Business{}, err
	}
	if b.TimeZone != r.TimeZone {
		for _, do := range s.zoned {
			if err := do(ctx, tx, id); err != nil {
				return Business{}, err
			}
		}
	}
	if b.Handle != r.Handle {
		if err := keepHandle(ctx, tx, id, r.Handle); err != nil {
			return Business{}, err
		}
		if err := takeHandle(ctx, tx, id, b.Handle); err != nil {
			return Business{}, err
		}
	}
	if err := dropPictures(ctx, tx, s.stored(r), b); err != nil {
		return Business{}, err
	}
	tx.Notify("business", string(id))
	return s.business(written), nil
}

func stale() error {
	return fault.New(fault.Stale, "Someone else changed this meanwhile. Reload to see the changes, then make yours again.")
}
