package customer

import (
	"context"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/tag"
)

// ApplyTag gives the customer a tag of the kind customer; having it already
// changes nothing. It reports whether anything changed. A customer or tag that
// is gone changes nothing either, because payments must not fail for it.
func (s *Customers) ApplyTag(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) (bool, error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO customer_tags (business_id, customer_id, tag_id)
		SELECT c.business_id, c.id, t.id FROM customers c JOIN tags t ON t.business_id = c.business_id AND t.id = $3 AND t.kind = 'customer'
		WHERE c.business_id = $1 AND c.id = $2
		ON CONFLICT DO NOTHING`, businessID, id, tagID)
	got, err := changed(tx, id, n, err)
	if err != nil || !got {
		return false, err
	}
	return true, s.publishTag(ctx, tx, businessID, id, tagID)
}

// RemoveTag takes a tag from the customer; not having it changes nothing. It
// reports whether anything changed.
func (s *Customers) RemoveTag(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM customer_tags WHERE business_id = $1 AND customer_id = $2 AND tag_id = $3`, businessID, id, tagID)
	return changed(tx, id, n, err)
}

func changed(tx *db.Tx, id ID, rows int64, err error) (bool, error) {
	if err != nil || rows == 0 {
		return false, err
	}
	tx.Notify("customer", string(id))
	return true, nil
}

// setTags stores the customer's tags, creating those that don't exist.
func (s *Customers) setTags(ctx context.Context, tx *db.Tx, c Customer) error {
	var before []tag.ID
	if err := tx.Select(ctx, &before, `SELECT tag_id FROM customer_tags WHERE business_id = $1 AND customer_id = $2`, c.BusinessID, c.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM customer_tags WHERE business_id = $1 AND customer_id = $2`, c.BusinessID, c.ID); err != nil {
		return err
	}
	tags, err := s.tags.FindOrCreate(ctx, tx, c.BusinessID, tag.OfCustomers, tag.Names(c.Tags))
	if err != nil {
		return err
	}
	for _, t := range tags {
		_, err := tx.Exec(ctx, `INSERT INTO customer_tags (business_id, customer_id, tag_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			c.BusinessID, c.ID, t.ID)
		if err != nil {
			return err
		}
		if slices.Contains(before, t.ID) {
			continue
		}
		if err := s.publishTag(ctx, tx, c.BusinessID, c.ID, t.ID); err != nil {
			return err
		}
	}
	return nil
}

// MoveTag makes those who carry the tag gone carry keep instead, in the
// transaction that merges the two.
func (s *Customers) MoveTag(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone tag.ID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO customer_tags (business_id, customer_id, tag_id)
		SELECT business_id, customer_id, $2 FROM customer_tags WHERE business_id = $1 AND tag_id = $3
		ON CONFLICT DO NOTHING`, businessID, keep, gone)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM customer_tags WHERE business_id = $1 AND tag_id = $2`, businessID, gone)
	return err
}
