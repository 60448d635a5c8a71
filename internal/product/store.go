package product

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

const columns = `id, business_id, slug, name, description, price_minor, currency, image_id, active,
	version, created_at, updated_at`

type row struct {
	ID          ID             `db:"id"`
	BusinessID  business.ID    `db:"business_id"`
	Slug        string         `db:"slug"`
	Name        string         `db:"name"`
	Description string         `db:"description"`
	PriceMinor  int64          `db:"price_minor"`
	Currency    money.Currency `db:"currency"`
	ImageID     *string        `db:"image_id"`
	Active      bool           `db:"active"`
	Version     int64          `db:"version"`
	CreatedAt   db.Time        `db:"created_at"`
	UpdatedAt   db.Time        `db:"updated_at"`
}

func (r row) product() Product {
	p := Product{
		ID: r.ID, BusinessID: r.BusinessID, Slug: r.Slug, Name: r.Name, Description: r.Description,
		Price:  money.Amount{Minor: r.PriceMinor, Currency: r.Currency},
		Active: r.Active, Version: r.Version, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
	if r.ImageID != nil {
		p.ImageID = *r.ImageID
	}
	return p
}

func (p Product) imageID() *string {
	if p.ImageID == "" {
		return nil
	}
	return &p.ImageID
}

// insert stores p and reports whether its slug was free.
func insert(ctx context.Context, tx *db.Tx, p Product) (bool, error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO products (id, business_id, slug, name, name_folded, description, price_minor, currency,
			image_id, active, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
		ON CONFLICT DO NOTHING`,
		p.ID, p.BusinessID, p.Slug, p.Name, text.Fold(p.Name), p.Description, p.Price.Minor, p.Price.Currency,
		p.imageID(), p.Active, p.Version, db.At(p.CreatedAt))
	return n == 1, err
}

// lock reads a product that is about to be changed; whoever else wants to
// change it waits until the transaction ends.
func lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Product, error) {
	var r row
	err := tx.Get(ctx, &r, `
		UPDATE products SET version = version WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL
		RETURNING `+columns, businessID, id)
	if err != nil {
		return Product{}, orMissing(err)
	}
	return r.product(), nil
}

// write stores a product that is locked, and returns what is stored then.
func write(ctx context.Context, tx *db.Tx, p Product) (Product, error) {
	var r row
	err := tx.Get(ctx, &r, `
		UPDATE products SET name = $3, name_folded = $4, description = $5, price_minor = $6, currency = $7,
			image_id = $8, active = $9, version = version + 1, updated_at = $10
		WHERE business_id = $1 AND id = $2
		RETURNING `+columns,
		p.BusinessID, p.ID, p.Name, text.Fold(p.Name), p.Description, p.Price.Minor, p.Price.Currency,
		p.imageID(), p.Active, db.At(tx.Now()))
	return r.product(), err
}

func byID(ctx context.Context, from db.Reader, businessID business.ID, id ID) (Product, error) {
	var r row
	err := from.Get(ctx, &r, `
		SELECT `+columns+` FROM products WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`, businessID, id)
	if err != nil {
		return Product{}, orMissing(err)
	}
	return r.product(), nil
}

// orMissing turns "no row" into NotFound.
func orMissing(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such product. It may have been deleted.")
	}
	return err
}
