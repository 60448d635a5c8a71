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
func (s *Products) Create(ctx context.Context, b business.Business, f Fields) (p Product, err error) {
	make, err := s.Draft(ctx, b, f)
	if err != nil {
		return Product{}, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		p, err = make(ctx, tx)
		return err
	})
	return p, err
}

// Draft checks a product as Create does, its picture and its price too, and returns what
// stores it in a transaction of the caller's, which may run again.
func (s *Products) Draft(ctx context.Context, b business.Business, f Fields) (func(context.Context, *db.Tx) (Product, error), error) {
	draft := Product{BusinessID: b.ID, Fields: f, Version: 1}
	draft.Price = inCurrencyOf(b, draft.Price)
	var fields fault.Fields
	if checkAsked(draft.Price.Currency, &fields); len(fields) > 0 {
		draft.clean(&fields)
		return nil, fields.Err()
	}
	image, err := s.check(ctx, &draft, true)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Tx) (Product, error) {
		p := draft
		err := create(ctx, tx, &p, b.Locale, image)
		return p, err
	}, nil
}

// check cleans p and reads the picture, and tells all that is wrong at once. A
// new price is one that the provider can collect.
func (s *Products) check(ctx context.Context, p *Product, priced bool) (*picture.Picture, error) {
	var fields fault.Fields
	p.clean(&fields)
	if priced && len(fields) == 0 && s.accepts != nil {
		asked := money.Amount{Minor: p.Price.Minor * p.Checkout.Least(), Currency: p.Price.Currency}
		why, err := s.accepts(ctx, p.BusinessID, asked)
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
