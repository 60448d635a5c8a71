package product

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/text"
)

// Get returns a product, or a NotFound fault.
func (s *Products) Get(ctx context.Context, businessID business.ID, id ID) (Product, error) {
	return byID(ctx, s.db, businessID, id)
}

// GetTx is Get inside a transaction of the caller's.
func (s *Products) GetTx(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Product, error) {
	return byID(ctx, tx, businessID, id)
}

// BySlug returns the product of a page in the shop, active or not, or a
// NotFound fault.
func (s *Products) BySlug(ctx context.Context, businessID business.ID, slug string) (Product, error) {
	return one(ctx, s.db, `
		SELECT `+columns.List("")+` FROM products WHERE business_id = $1 AND slug = $2 AND deleted_at IS NULL`, businessID, slug)
}

// Named are the products that have the id or, without regard to case, the name.
// Two may be told apart by nothing but their ids.
func (s *Products) Named(ctx context.Context, r db.Reader, businessID business.ID, name string) (ids []ID, err error) {
	err = r.Select(ctx, &ids, `
		SELECT id FROM products WHERE business_id = $1 AND deleted_at IS NULL AND (id = $2 OR name_folded = $3) ORDER BY id LIMIT 2`,
		businessID, name, text.Fold(name))
	return ids, err
}

// The bounds of a page of List.
const (
	defaultLimit = 25
	maxLimit     = 100
)

// Filter says which products to list.
type Filter struct {
	Query      string // part of the name, without regard to case
	ActiveOnly bool
	Cursor     string // next of the page before; "" starts
	Limit      int    // 1 to 100; 0 is 25
}

// List returns a page of products, the newest first, and the cursor of the
// next page, "" when there is none.
func (s *Products) List(ctx context.Context, businessID business.ID, f Filter) (items []Product, next string, err error) {
	if f.Cursor != "" && !id.Valid("prd", f.Cursor) {
		var fields fault.Fields
		fields.Add("cursor", "cursor.invalid", "This cursor is not one of ours. Start without one.")
		return nil, "", fields.Err()
	}
	if f.Limit <= 0 {
		f.Limit = defaultLimit
	}
	f.Limit = min(f.Limit, maxLimit)
	var rows []row
	err = s.db.Select(ctx, &rows, `
		SELECT `+columns.List("")+` FROM products
		WHERE business_id = $1 AND deleted_at IS NULL
			AND (NOT CAST($2 AS BOOLEAN) OR active)
			AND name_folded LIKE $3 ESCAPE '\'
			AND (CAST($4 AS TEXT) = '' OR id < $4)
		ORDER BY id DESC LIMIT $5`,
		businessID, f.ActiveOnly, text.Pattern(f.Query), f.Cursor, f.Limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		next = string(rows[len(rows)-1].ID)
	}
	items = make([]Product, len(rows))
	for i, r := range rows {
		items[i] = r.product()
	}
	return items, next, nil
}
