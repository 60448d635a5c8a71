// Package product keeps the catalogue that a business sells from, with its
// pictures.
package product

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/picture"
)

// ID names a product: "prd_…".
type ID string

// Fields are what a business says of a product.
type Fields struct {
	Name        string
	Description string
	Price       money.Amount   `db:"-"`
	ImageID     string         `db:"image_id,null"` // "" without a picture; see business.Image
	Picture     []byte         `db:"-"`             // a JPEG, PNG, WebP or GIF file that is to be the picture; empty for none new
	Active      bool           // shown in the shop and for sale
	Checkout    checkout.Rules // what payers are asked beside the price; a link that sells it may ask more
}

// Product is an article with its own page in the business's shop.
type Product struct {
	ID         ID          `db:"id,once"`
	BusinessID business.ID `db:"business_id,once"`
	Slug       string      `db:"slug,once"` // the last segment of its page's URL; it never changes
	Fields
	Version   int64     `db:"version,read"`
	CreatedAt time.Time `db:"created_at,once"`
	UpdatedAt time.Time
}

// Products is the store of products. It is safe for concurrent use.
type Products struct {
	db       *db.DB
	accepts  func(ctx context.Context, businessID business.ID, a money.Amount) (string, error)
	pictures *picture.Decoder
	changed  []func(ctx context.Context, tx *db.Tx, before, after Product) error
}

// OnChange adds what else the change of a product does, in its transaction. It is for
// wiring, before the store is used.
func (s *Products) OnChange(do func(ctx context.Context, tx *db.Tx, before, after Product) error) {
	s.changed = append(s.changed, do)
}

// OnPrice sets who may refuse a price, with the reason for the merchant: the
// provider that is to collect it. It is for wiring, before the store is used.
func (s *Products) OnPrice(accepts func(ctx context.Context, businessID business.ID, a money.Amount) (string, error)) {
	s.accepts = accepts
}

// New returns the store.
func New(d *db.DB, pictures *picture.Decoder) *Products { return &Products{db: d, pictures: pictures} }
