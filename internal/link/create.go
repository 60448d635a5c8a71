package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Create makes a link. Everything that is wrong with the fields comes as one
// Invalid fault. A path made from the name gets -2, -3 … when it is taken; a
// path that was given is refused then.
func (s *Links) Create(ctx context.Context, b business.Business, f Fields) (l Link, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		l, err = s.CreateTx(ctx, tx, b, f)
		return err
	})
	return l, err
}

// Check returns what Create would refuse of the fields now, but for a path that
// is taken. It writes nothing.
func (s *Links) Check(ctx context.Context, r db.Reader, b business.Business, f Fields) error {
	_, err := s.checked(ctx, r, b, f)
	return err
}

// checked is the new link that the fields describe, cleaned.
func (s *Links) checked(ctx context.Context, r db.Reader, b business.Business, f Fields) (Link, error) {
	f.complete()
	l := Link{BusinessID: b.ID, Fields: f}
	if err := s.validate(ctx, r, b.Locale, nil, &l); err != nil {
		return l, err
	}
	if err := checkAsked(l); err != nil {
		return l, err
	}
	if err := checkNext(ctx, r, l); err != nil {
		return l, err
	}
	if err := s.checkWays(b, l); err != nil {
		return l, err
	}
	return l, s.checkAccepted(b, l)
}

// CreateTx is Create inside a transaction of the caller's.
func (s *Links) CreateTx(ctx context.Context, tx *db.Tx, b business.Business, f Fields) (Link, error) {
	l, err := s.checked(ctx, tx, b, f)
	if err != nil {
		return Link{}, err
	}
	if err := s.afterTags(ctx, tx, &l); err != nil {
		return Link{}, err
	}
	id, err := tx.NewID("lnk")
	if err != nil {
		return Link{}, err
	}
	l.ID, l.CreatedAt, l.UpdatedAt = ID(id), tx.Now(), tx.Now()
	if err := s.insertFree(ctx, tx, &l, f.Path != ""); err != nil {
		return Link{}, err
	}
	for _, mode := range []business.Mode{business.Live, business.Test} {
		_, err := tx.Exec(ctx, `INSERT INTO link_slots (link_id, business_id, mode, capacity, by_units, least) VALUES ($1, $2, $3, $4, $5, $6)`,
			l.ID, l.BusinessID, mode, l.Limit.capacity(), l.Limit.ByUnits(), l.least())
		if err != nil {
			return Link{}, err
		}
	}
	if err := s.setTags(ctx, tx, l); err != nil {
		return Link{}, err
	}
	tx.Notify("link", string(l.ID))
	made, err := get(ctx, tx, b, l.ID)
	if err != nil {
		return Link{}, err
	}
	return made, s.notify(ctx, tx, b, Created, made)
}

// insertFree inserts the link under its path, or, when the path was not given,
// under the first that is free. The unique index decides between two at once.
func (s *Links) insertFree(ctx context.Context, tx *db.Tx, l *Link, given bool) error {
	wanted := l.Path
	for {
		if !given {
			free, err := freePath(ctx, tx, l.BusinessID, wanted)
			if err != nil {
				return err
			}
			l.Path = free
		}
		inserted, err := insert(ctx, tx, *l)
		if err != nil {
			return err
		}
		if inserted {
			return forgetOldPath(ctx, tx, l.BusinessID, l.Path)
		}
		if given {
			return s.takenPath(ctx, tx, l.BusinessID, l.Path)
		}
	}
}

// insert reports false when the path is taken.
func insert(ctx context.Context, tx *db.Tx, l Link) (bool, error) {
	into, arguments := columns.Insert(l.row())
	n, err := tx.Exec(ctx, `INSERT INTO links `+into+` ON CONFLICT DO NOTHING`, arguments...)
	renamed(tx, l.BusinessID, l.ID)
	return n == 1, err
}

// forgetOldPath ends the redirect from a path that a link has taken.
func forgetOldPath(ctx context.Context, tx *db.Tx, businessID business.ID, path string) error {
	_, err := tx.Exec(ctx, `DELETE FROM old_paths WHERE business_id = $1 AND path = $2`, businessID, path)
	return err
}
