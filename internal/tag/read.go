package tag

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Get returns a tag, or a NotFound fault.
func (s *Tags) Get(ctx context.Context, businessID business.ID, id ID) (t Tag, err error) {
	err = s.db.Get(ctx, &t, `SELECT `+columns.List("")+` FROM tags WHERE business_id = $1 AND id = $2`, businessID, id)
	return t, orMissing(err)
}

// usage counts what carries a tag. Deleted links don't count.
const usage = `(SELECT COUNT(*) FROM link_tags c JOIN links l ON l.id = c.link_id AND l.deleted_at IS NULL WHERE c.tag_id = tags.id)
	+ (SELECT COUNT(*) FROM customer_tags c WHERE c.tag_id = tags.id) AS count`

// List returns the tags of a kind by name, each with the number of links or
// customers that carry it.
func (s *Tags) List(ctx context.Context, businessID business.ID, kind Kind) (list []Usage, err error) {
	err = s.db.Select(ctx, &list, `SELECT `+columns.List("")+`, `+usage+` FROM tags WHERE business_id = $1 AND kind = $2 ORDER BY name_folded`, businessID, kind)
	return list, err
}

// ListWith is List of links' tags, and which of them a link carries.
func (s *Tags) ListWith(ctx context.Context, businessID business.ID, linkID string) (list []Usage, carried []Tag, err error) {
	var rows []struct {
		Usage
		Carried bool
	}
	err = s.db.Select(ctx, &rows, `SELECT `+columns.List("")+`, `+usage+`, EXISTS (SELECT 1 FROM link_tags m WHERE m.business_id = $1 AND m.tag_id = tags.id AND m.link_id = $3) AS carried
		FROM tags WHERE business_id = $1 AND kind = $2 ORDER BY name_folded`, businessID, OfLinks, linkID)
	for _, r := range rows {
		if list = append(list, r.Usage); r.Carried {
			carried = append(carried, r.Tag)
		}
	}
	return list, carried, err
}

// Usage returns a tag with the number of links or customers that carry it, or a
// NotFound fault.
func (s *Tags) Usage(ctx context.Context, businessID business.ID, id ID) (u Usage, err error) {
	err = s.db.Get(ctx, &u, `SELECT `+columns.List("")+`, `+usage+` FROM tags WHERE business_id = $1 AND id = $2`, businessID, id)
	return u, orMissing(err)
}

// orMissing turns "no row" into NotFound.
func orMissing(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such tag. It may have been deleted.")
	}
	return err
}
