package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// Update changes a link that was read at the version; 0 accepts any. Analytics
// and payments stay, whatever changes; a renamed path keeps redirecting.
// Errors: NotFound, Stale, and Invalid with the fields that are wrong.
func (s *Links) Update(ctx context.Context, b business.Business, id ID, version int64, p Patch) (l Link, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		l, err = s.update(ctx, tx, b, id, version, p)
		return err
	})
	if db.IsUnique(err) && p.Path != nil { // a new link took the path between our look and our write
		err = s.takenPath(ctx, s.db, b.ID, *p.Path)
	}
	return l, err
}

// UpdateTx is Update inside a transaction of the caller's.
func (s *Links) UpdateTx(ctx context.Context, tx *db.Tx, b business.Business, id ID, version int64, p Patch) (Link, error) {
	l, err := s.update(ctx, tx, b, id, version, p)
	if db.IsUnique(err) && p.Path != nil {
		return Link{}, fault.Wrap(err, fault.Conflict, "Another link took this address just now. Choose another one.")
	}
	return l, err
}

// SetActive switches a link on or off. Its history stays.
func (s *Links) SetActive(ctx context.Context, b business.Business, id ID, on bool) (Link, error) {
	return s.Update(ctx, b, id, 0, Patch{Active: &on})
}

func (s *Links) update(ctx context.Context, tx *db.Tx, b business.Business, id ID, version int64, p Patch) (Link, error) {
	if err := lock(ctx, tx, b.ID, id); err != nil {
		return Link{}, err
	}
	before, err := get(ctx, tx, b, id)
	if err != nil {
		return Link{}, err
	}
	if version != 0 && version != before.Version {
		return Link{}, fault.New(fault.Stale, "Someone else changed this link meanwhile. Look at the current one, then make your change again.")
	}
	l := p.apply(before)
	if err := s.validate(ctx, tx, &l); err != nil {
		return Link{}, err
	}
	if p.Amount != nil || p.PayerAmount != nil { // else it was accepted before
		if err := s.checkAccepted(b, l); err != nil {
			return Link{}, err
		}
	}
	if err := checkCurrency(ctx, tx, before, l); err != nil {
		return Link{}, err
	}
	if err := s.afterTags(ctx, tx, &l); err != nil {
		return Link{}, err
	}
	if err := s.rename(ctx, tx, before, l); err != nil {
		return Link{}, err
	}
	if err := write(ctx, tx, l); err != nil {
		return Link{}, err
	}
	if p.Tags != nil {
		if err := s.setTags(ctx, tx, &l, *p.Tags); err != nil {
			return Link{}, err
		}
	}
	tx.Notify("link", string(id))
	after, err := get(ctx, tx, b, id)
	if err != nil {
		return Link{}, err
	}
	return after, s.tellUpdate(ctx, tx, b, before, after)
}

// lock makes changes of one link run one after another: a write locks the row.
// Its slots wait too, so that what is used stays what it was before the change.
func lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error {
	n, err := tx.Exec(ctx, `UPDATE links SET updated_at = $3 WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`,
		businessID, id, db.At(tx.Now()))
	if err != nil {
		return err
	}
	if n == 0 {
		return errNotFound
	}
	_, err = tx.Exec(ctx, `UPDATE link_slots SET held = held WHERE business_id = $1 AND link_id = $2`, businessID, id)
	return err
}

// checkCurrency refuses another currency once a payment was made or may still
// be: revenue of two currencies can't be added up.
func checkCurrency(ctx context.Context, tx *db.Tx, before, after Link) error {
	if before.Currency == after.Currency {
		return nil
	}
	if err := checkAsked(after); err != nil {
		return err
	}
	locked, err := currencyLocked(ctx, tx, before.BusinessID, before.ID)
	if err != nil || !locked {
		return err
	}
	field := "amount.currency"
	if after.Type == Product {
		field = "product_id"
	}
	var wrong fault.Fields
	wrong.Add(field, "currency.locked", "This link has payments in "+string(before.Currency)+", or somebody is paying, so its currency stays. Duplicate the link to ask another.")
	return wrong.Err()
}

// CurrencyLocked reports whether the link was ever paid or is being paid.
func (s *Links) CurrencyLocked(ctx context.Context, businessID business.ID, id ID) (bool, error) {
	return currencyLocked(ctx, s.db, businessID, id)
}

func currencyLocked(ctx context.Context, r db.Reader, businessID business.ID, id ID) (locked bool, err error) {
	err = r.Get(ctx, &locked, `
		SELECT EXISTS (SELECT 1 FROM payments WHERE link_id = $1 AND business_id = $2)
			OR EXISTS (SELECT 1 FROM attempts WHERE link_id = $1 AND business_id = $2 AND state IN ('creating', 'open', 'pending', 'closing', 'review'))`,
		id, businessID)
	return locked, err
}

// rename keeps the old path as a redirect, and takes the new one.
func (s *Links) rename(ctx context.Context, tx *db.Tx, before, after Link) error {
	if before.Path == after.Path {
		return nil
	}
	if err := tx.Lock(ctx, "paths "+string(after.BusinessID)); err != nil {
		return err
	}
	taken, err := pathTaken(ctx, tx, after.BusinessID, after.Path, after.ID)
	if err != nil {
		return err
	}
	if taken {
		return s.takenPath(ctx, tx, after.BusinessID, after.Path)
	}
	if err := forgetOldPath(ctx, tx, after.BusinessID, after.Path); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO old_paths (business_id, path, link_id, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (business_id, path) DO UPDATE SET link_id = excluded.link_id, created_at = excluded.created_at`,
		after.BusinessID, before.Path, after.ID, db.At(tx.Now()))
	return err
}

// write stores the link as its next version, and its limit in both modes.
func write(ctx context.Context, tx *db.Tx, l Link) error {
	name, path := l.folded()
	_, err := tx.Exec(ctx, `
		UPDATE links SET path = $3, path_folded = $4, name = $5, name_folded = $6, type = $7, amount_minor = $8, currency = $9,
			product_id = $10, description = $11, notes = $12, reference = $13, active = $14, limit_kind = $15, limit_max = $16,
			show_remaining = $17, payer_min_minor = $18, payer_max_minor = $19, starts_at = $20, ends_at = $21,
			redirect_url = $22, customer_id = $24, apply_tag_id = $25, remove_tag_id = $26, payer_suggested = $27, version = version + 1, updated_at = $23
		WHERE business_id = $1 AND id = $2`,
		l.BusinessID, l.ID, l.Path, path, l.Name, name, l.Type, minor(l.Amount), l.Currency, l.productColumn(),
		l.Description, l.Notes, l.Reference, l.Active, l.Limit.Kind, l.Limit.capacity(), l.ShowRemaining, minor(l.PayerMin), minor(l.PayerMax),
		db.AtPtr(l.StartsAt), db.AtPtr(l.EndsAt), l.After.RedirectURL, db.At(tx.Now()), l.customerColumn(), l.After.applyID, l.After.removeID,
		money.Column(l.Suggested))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE link_slots SET capacity = $3 WHERE business_id = $1 AND link_id = $2`,
		l.BusinessID, l.ID, l.Limit.capacity())
	return err
}
