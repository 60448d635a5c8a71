package link

import (
	"context"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
)

// Edit changes a link that was read at the version; 0 accepts any. edit may run
// again. Analytics and payments stay, whatever changes; a renamed path keeps
// redirecting. Errors: NotFound, Stale, and Invalid with the fields that are wrong.
func (s *Links) Edit(ctx context.Context, b business.Business, id ID, version int64, edit func(*Fields)) (l Link, err error) {
	var path string
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		l, path, err = s.edit(ctx, tx, b, id, version, edit)
		return err
	})
	if db.IsUnique(err) { // a new link took the path between our look and our write
		err = s.takenPath(ctx, s.db, b.ID, path)
	}
	return l, err
}

// EditTx is Edit inside a transaction of the caller's.
func (s *Links) EditTx(ctx context.Context, tx *db.Tx, b business.Business, id ID, version int64, edit func(*Fields)) (Link, error) {
	l, _, err := s.edit(ctx, tx, b, id, version, edit)
	if db.IsUnique(err) {
		err = fault.Wrap(err, fault.Conflict, "Another link took this address just now. Choose another one.")
	}
	return l, err
}

// SetActive switches a link on or off. Its history stays.
func (s *Links) SetActive(ctx context.Context, b business.Business, id ID, on bool) (Link, error) {
	return s.Edit(ctx, b, id, 0, func(f *Fields) { f.Active = on })
}

// edit returns the path that is wanted too.
func (s *Links) edit(ctx context.Context, tx *db.Tx, b business.Business, id ID, version int64, edit func(*Fields)) (after Link, path string, err error) {
	writes := tx.Writes()
	if err := lock(ctx, tx, b.ID, id); err != nil {
		return Link{}, "", err
	}
	before, err := get(ctx, tx, b, id)
	if err != nil {
		return Link{}, "", err
	}
	if version != 0 && version != before.Version {
		return Link{}, "", fault.New(fault.Stale, "Someone else changed this link meanwhile. Look at the current one, then make your change again.")
	}
	l, was := before, storedOf(before)
	edit(&l.Fields)
	if l.Type == Product && l.Amount == nil {
		l.PayerAmount = nil // a product has one price
	}
	changed, err := s.store(ctx, tx, b, before, was, &l)
	if err != nil {
		return Link{}, l.Path, err
	}
	if !changed {
		tx.Unchanged(writes)
		return before, before.Path, nil
	}
	tx.Notify("link", string(id))
	if after, err = get(ctx, tx, b, id); err != nil {
		return Link{}, l.Path, err
	}
	if err := s.notifyUpdate(ctx, tx, b, before, after); err != nil || after.Slots.Waiting == 0 {
		return after, l.Path, err
	}
	after, err = get(ctx, tx, b, id) // its waiting list may have been served
	return after, l.Path, err
}

// stored is what the database has of a link, whatever is done to the link through its pointers.
type stored struct {
	row  []any
	tags []string
}

func storedOf(l Link) stored { return stored{columns.Stored(l.row()), tag.Names(l.Tags)} }

// store checks the changed link and writes it over the one before, unless it is the same.
func (s *Links) store(ctx context.Context, tx *db.Tx, b business.Business, before Link, was stored, l *Link) (changed bool, err error) {
	if err := s.validate(ctx, tx, b.Locale, &before, l); err != nil {
		return false, err
	}
	// An amount that was not set again is one that was accepted before.
	if l.Amount != before.Amount || l.PayerAmount != before.PayerAmount || l.Least() != before.Least() {
		if err := s.checkAccepted(b, *l); err != nil {
			return false, err
		}
	}
	if !slices.Equal(l.Checkout.Methods, before.Checkout.Methods) {
		if err := s.checkWays(b, *l); err != nil {
			return false, err
		}
	}
	if err := checkCurrency(ctx, tx, before, *l); err != nil {
		return false, err
	}
	if l.WhenClosed.Next != before.WhenClosed.Next { // one that was deleted since may stay: it hands on
		if err := checkNext(ctx, tx, *l); err != nil {
			return false, err
		}
	}
	if err := s.afterTags(ctx, tx, l); err != nil {
		return false, err
	}
	tagged := slices.Equal(tag.Names(l.Tags), was.tags)
	if tagged && columns.Same(was.row, l.row()) {
		return false, nil
	}
	if err := s.rename(ctx, tx, before, *l); err != nil {
		return false, err
	}
	if err := write(ctx, tx, *l); err != nil {
		return false, err
	}
	if tagged {
		return true, nil
	}
	return true, s.setTags(ctx, tx, *l)
}

// lock makes changes of one link run one after another: a write locks the row.
// Its slots wait too, so that what is used stays what it was before the change.
func lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error {
	n, err := tx.Exec(ctx, `UPDATE links SET version = version WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`, businessID, id)
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
	l.UpdatedAt = tx.Now()
	renamed(tx, l.BusinessID, l.ID)
	set, arguments := columns.Set(l.row(), l.BusinessID, l.ID)
	if _, err := tx.Exec(ctx, `UPDATE links SET `+set+`, version = version + 1 WHERE business_id = $1 AND id = $2`, arguments...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE link_slots SET capacity = $3, by_units = $4, least = $5 WHERE business_id = $1 AND link_id = $2`,
		l.BusinessID, l.ID, l.Limit.capacity(), l.Limit.ByUnits(), l.least())
	return err
}
