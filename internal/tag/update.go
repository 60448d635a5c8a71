package tag

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Patch describes changes to a tag; nil keeps what is there.
type Patch struct {
	Name  *string
	Color *string
}

// Update renames or recolours a tag that was read at the version; 0 accepts any.
// Errors: NotFound, Stale, and Invalid with the fields that are wrong or the name
// that is taken.
func (s *Tags) Update(ctx context.Context, businessID business.ID, id ID, version int64, p Patch) (Tag, error) {
	var fields fault.Fields
	var folded *string
	if p.Name != nil {
		name := text.Rule{Most: maxName, Required: true}.Clean("name", *p.Name, fields.Add)
		fold := text.Fold(name)
		p.Name, folded = &name, &fold
	}
	if p.Color != nil {
		checkColor(*p.Color, &fields)
	}
	var r row
	err := s.db.InTx(ctx, func(tx *db.Tx) error {
		before, err := lock(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return fault.New(fault.Stale, "Someone else changed this tag meanwhile. Look at the current one, then make your change again.")
		}
		if err := fields.Err(); err != nil {
			return err
		}
		return tx.Get(ctx, &r, `
			UPDATE tags SET
				name = COALESCE(CAST($3 AS TEXT), name),
				name_folded = COALESCE(CAST($4 AS TEXT), name_folded),
				color = COALESCE(CAST($5 AS TEXT), color),
				version = version + 1
			WHERE business_id = $1 AND id = $2
			RETURNING `+columns, businessID, id, p.Name, folded, p.Color)
	})
	if db.IsUnique(err) {
		return Tag{}, taken()
	}
	if err != nil {
		return Tag{}, err
	}
	return r.tag(), nil
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
