package link

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Label is what a link is called, also after it was deleted.
type Label struct {
	Name, Path string
	Deleted    bool
}

// Label names a link of the business, or is a NotFound fault. Unlike Get it
// knows deleted links, which payments still speak of.
func (s *Links) Label(ctx context.Context, businessID business.ID, id ID) (l Label, err error) {
	err = s.db.Get(ctx, &l, `SELECT name, path, deleted_at IS NOT NULL AS deleted FROM links WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return l, errNotFound
	}
	return l, err
}
