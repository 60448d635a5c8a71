package product

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/picture"
)

// Edit changes a product that was read at the version; 0 accepts any. The slug
// stays, so that printed and shared URLs go on working. edit runs twice or more.
// Errors: NotFound, Stale, and Invalid with the fields that are wrong. The currency
// can't change while links sell the product, because their figures are in it.
func (s *Products) Edit(ctx context.Context, businessID business.ID, id ID, version int64, edit func(*Fields)) (Product, error) {
	// The picture is read before the transaction, which must be quick.
	p, err := s.Get(ctx, businessID, id)
	if err != nil {
		return Product{}, err
	}
	price, least := p.Price, p.Checkout.Least()
	edit(&p.Fields)
	image, err := s.check(ctx, &p, p.Price != price || p.Checkout.Least() != least)
	if err != nil {
		return Product{}, err
	}
	var after Product
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		after, err = s.change(ctx, tx, businessID, id, version, edit, image)
		return err
	})
	return after, err
}

func (s *Products) change(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, version int64, edit func(*Fields), image *picture.Picture) (Product, error) {
	writes := tx.Writes()
	before, err := lock(ctx, tx, businessID, id)
	if err != nil {
		return Product{}, err
	}
	if version != 0 && version != before.Version {
		return Product{}, stale()
	}
	after, was := before, columns.Stored(before.row())
	edit(&after.Fields)
	var fields fault.Fields
	after.clean(&fields)
	if err := checkCurrency(ctx, tx, before, after, &fields); err != nil {
		return Product{}, err
	}
	if err := fields.Err(); err != nil {
		return Product{}, err
	}
	if image != nil {
		if after.ImageID, err = business.KeepImage(ctx, tx, businessID, *image); err != nil {
			return Product{}, err
		}
	}
	if columns.Same(was, after.row()) {
		tx.Unchanged(writes)
		return before, nil
	}
	if after, err = write(ctx, tx, after); err != nil {
		return Product{}, err
	}
	if before.ImageID != after.ImageID {
		if err := business.DropImage(ctx, tx, businessID, before.ImageID); err != nil {
			return Product{}, err
		}
	}
	tx.Notify("product", string(id))
	for _, do := range s.changed {
		if err := do(ctx, tx, before, after); err != nil {
			return Product{}, err
		}
	}
	return after, nil
}

func checkCurrency(ctx context.Context, tx *db.Tx, before, after Product, fields *fault.Fields) error {
	if before.Price.Currency == after.Price.Currency {
		return nil
	}
	checkAsked(after.Price.Currency, fields)
	var links int64
	err := tx.Get(ctx, &links, `
		SELECT COUNT(*) FROM links WHERE business_id = $1 AND product_id = $2 AND deleted_at IS NULL`,
		before.BusinessID, before.ID)
	if err == nil && links > 0 {
		fields.Add("price.currency", "currency.locked",
			"Links sell this product in "+string(before.Price.Currency)+". Make another product for another currency.")
	}
	return err
}

// checkAsked refuses a currency that can't be asked today. A price in one that
// is stored already stays.
func checkAsked(c money.Currency, fields *fault.Fields) {
	if err := c.Check(); c.Known() && err != nil {
		fields.Add("price.currency", "currency.charged", err.Error())
	}
}

// Delete takes a product out of the catalogue; payments for it stay. A product
// that links sell is a Conflict.
func (s *Products) Delete(ctx context.Context, businessID business.ID, id ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if _, err := lock(ctx, tx, businessID, id); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `
			UPDATE products SET deleted_at = $3, updated_at = $3, active = FALSE, version = version + 1
			WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL AND NOT EXISTS (
				SELECT 1 FROM links WHERE links.product_id = products.id AND links.deleted_at IS NULL)`,
			businessID, id, db.At(tx.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "Links sell this product. Delete those links first, or switch the product off.")
		}
		tx.Notify("product", string(id))
		return nil
	})
}

func stale() error {
	return fault.New(fault.Stale, "Someone else changed this meanwhile. Reload to see the changes, then make yours again.")
}
