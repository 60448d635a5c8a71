package tag

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Get returns a tag, or a NotFound fault.
func (s *Tags) Get(ctx context.Context, businessID business.ID, id ID) (Tag, error) {
	var r row
	err := s.db.Get(ctx, &r, `SELECT `+columns+` FROM tags WHERE business_id = $1 AND id = $2`, businessID, id)
	if err != nil {
		return Tag{}, orMissing(err)
	}
	return r.tag(), nil
}

// usage counts what carries a tag. Deleted links don't count.
const usage = `(SELECT COUNT(*) FROM link_tags c JOIN links l ON l.id = c.link_id AND l.deleted_at IS NULL WHERE c.tag_id = tags.id)
	+ (SELECT COUNT(*) FROM customer_tags c WHERE c.tag_id = tags.id) AS used`

type usageRow struct {
	row
	Count int64 `db:"used"`
}

func (r usageRow) usage() Usage { return Usage{Tag: r.tag(), Count: r.Count} }

// List returns the tags of a kind by name, each with the number of links or
// customers that carry it.
func (s *Tags) List(ctx context.Context, businessID business.ID, kind Kind) ([]Usage, error) {
	var rows []usageRow
	err := s.db.Select(ctx, &rows, `SELECT `+columns+`, `+usage+` FROM tags WHERE business_id = $1 AND kind = $2 ORDER BY name_folded`, businessID, kind)
	if err != nil {
		return nil, err
	}
	list := make([]Usage, len(rows))
	for i, r := range rows {
		list[i] = r.usage()
	}
	return list, nil
}

// Usage returns a tag with the number of links or customers that carry it, or a
// NotFound fault.
func (s *Tags) Usage(ctx context.Context, businessID business.ID, id ID) (Usage, error) {
	var r usageRow
	err := s.db.Get(ctx, &r, `SELECT `+columns+`, `+usage+` FROM tags WHERE business_id = $1 AND id = $2`, businessID, id)
	return r.usage(), orMissing(err)
}

// orMissing turns "no row" into NotFound.
func orMissing(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such tag. It may have been deleted.")
	}
	return err
}
