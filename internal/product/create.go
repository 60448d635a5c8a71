package product

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/picture"
)

// Create makes a product of the business and the slug of its page. A price
// without a currency is in the business's. What is wrong is an Invalid fault
// that names the fields.
func (s *Products) Create(ctx context.Context, b business.Business, f Fields) (Product, error) {
	p := Product{BusinessID: b.ID, Fields: f, Version: 1}
	p.Price = inCurrencyOf(b, p.Price)
	var fields fault.Fields
	if checkAsked(p.Price.Currency, &fields); len(fields) > 0 {
		p.clean(&fields)
		return Product{}, fields.Err()
	}
	image, err := s.check(ctx, &p, true)
	if err != nil {
		return Product{}, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error { return create(ctx, tx, &p, b.Locale, image) })
	if err != nil {
		return Product{}, err
	}
	return p, nil
}

// check cleans p and reads the picture, and tells all that is wrong at once. A
// new price is one that the provider can collect.
func (s *Products) check(ctx context.Context, p *Product, priced bool) (*picture.Picture, error) {
	var fields fault.Fields
	p.clean(&fields)
	if priced && len(fields) == 0 && s.accepts != nil {
		why, err := s.accepts(ctx, p.BusinessID, p.Price)
		if err != nil {
			return nil, err
		}
		if why != "" {
			fields.Add("price.value", "amount.provider", why)
		}
	}
	var read *picture.Picture
	if len(p.Picture) > 0 {
		var err error
		if read, err = s.readPicture(ctx, p.Picture, &fields); err != nil {
			return nil, err
		}
	}
	p.Picture = nil
	return read, fields.Err()
}

func create(ctx context.Context, tx *db.Tx, p *Product, language string, image *picture.Picture) error {
	id, err := tx.NewID("prd")
	if err != nil {
		return err
	}
	p.ID, p.CreatedAt, p.UpdatedAt = ID(id), tx.Now(), tx.Now()
	if image != nil {
		if p.ImageID, err = business.KeepImage(ctx, tx, p.BusinessID, *image); err != nil {
			return err
		}
	}
	for slug := range slugs(p.Name, language, id) {
		p.Slug = slug
		free, err := insert(ctx, tx, *p)
		if err != nil {
			return err
		}
		if free {
			tx.Notify("product", id)
			return nil
		}
	}
	return fault.New(fault.Conflict, "There are too many products with this name. Choose another name.")
}

func inCurrencyOf(b business.Business, price money.Amount) money.Amount {
	if price.Currency == "" {
		price.Currency = b.Currency
	}
	return price
}
