package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// Create makes a link. Everything that is wrong with the draft comes as one
// Invalid fault. A path made from the name gets -2, -3 … when it is taken; a
// path that was given is refused then.
func (s *Links) Create(ctx context.Context, b business.Business, d Draft) (l Link, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		l, err = s.CreateTx(ctx, tx, b, d)
		return err
	})
	return l, err
}

// Check returns what Create would refuse of the draft now, but for a path that
// is taken. It writes nothing.
func (s *Links) Check(ctx context.Context, r db.Reader, b business.Business, d Draft) error {
	l := d.link(b)
	if err := s.validate(ctx, r, &l); err != nil {
		return err
	}
	if err := checkAsked(l); err != nil {
		return err
	}
	return s.checkAccepted(b, l)
}

// CreateTx is Create inside a transaction of the caller's.
func (s *Links) CreateTx(ctx context.Context, tx *db.Tx, b business.Business, d Draft) (Link, error) {
	l := d.link(b)
	if err := s.validate(ctx, tx, &l); err != nil {
		return Link{}, err
	}
	if err := checkAsked(l); err != nil {
		return Link{}, err
	}
	if err := s.checkAccepted(b, l); err != nil {
		return Link{}, err
	}
	if err := s.afterTags(ctx, tx, &l); err != nil {
		return Link{}, err
	}
	id, err := tx.NewID("lnk")
	if err != nil {
		return Link{}, err
	}
	l.ID, l.Version, l.CreatedAt, l.UpdatedAt = ID(id), 1, tx.Now(), tx.Now()
	if err := s.insertFree(ctx, tx, &l, d.Path != ""); err != nil {
		return Link{}, err
	}
	for _, mode := range []business.Mode{business.Live, business.Test} {
		_, err := tx.Exec(ctx, `INSERT INTO link_slots (link_id, business_id, mode, capacity) VALUES ($1, $2, $3, $4)`,
			l.ID, l.BusinessID, mode, l.Limit.capacity())
		if err != nil {
			return Link{}, err
		}
	}
	if err := s.setTags(ctx, tx, &l, d.Tags); err != nil {
		return Link{}, err
	}
	tx.Notify("link", string(l.ID))
	made, err := get(ctx, tx, b, l.ID)
	if err != nil {
		return Link{}, err
	}
	return made, s.tell(ctx, tx, b, Created, made)
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
	name, path := l.folded()
	n, err := tx.Exec(ctx, `
		INSERT INTO links (id, business_id, path, path_folded, name, name_folded, type, amount_minor, currency, product_id,
			description, notes, reference, active, limit_kind, limit_max, show_remaining, payer_min_minor, payer_max_minor,
			starts_at, ends_at, redirect_url, customer_id, apply_tag_id, remove_tag_id, payer_suggested, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $24, $25, $26, $27, 1, $23, $23)
		ON CONFLICT DO NOTHING`,
		l.ID, l.BusinessID, l.Path, path, l.Name, name, l.Type, minor(l.Amount), l.Currency, l.productColumn(),
		l.Description, l.Notes, l.Reference, l.Active, l.Limit.Kind, l.Limit.capacity(), l.ShowRemaining, minor(l.PayerMin), minor(l.PayerMax),
		db.AtPtr(l.StartsAt), db.AtPtr(l.EndsAt), l.After.RedirectURL, db.At(l.CreatedAt), l.customerColumn(), l.After.applyID, l.After.removeID,
		money.Column(l.Suggested))
	return n == 1, err
}

// forgetOldPath ends the redirect from a path that a link has taken.
func forgetOldPath(ctx context.Context, tx *db.Tx, businessID business.ID, path string) error {
	_, err := tx.Exec(ctx, `DELETE FROM old_paths WHERE business_id = $1 AND path = $2`, businessID, path)
	return err
}
