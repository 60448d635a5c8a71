// Package product keeps the catalogue that a business sells from, with its
// pictures.
package product

import (
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// ID names a product: "prd_…".
type ID string

// Product is an article with its own page in the business's shop.
type Product struct {
	ID          ID
	BusinessID  business.ID
	Slug        string // the last segment of its page's URL; it never changes
	Name        string
	Description string
	Price       money.Amount
	ImageID     string // "" without a picture; see Image
	Active      bool   // shown in the shop and for sale
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Products is the store of products. It is safe for concurrent use.
type Products struct {
	db       *db.DB
	decoding chan struct{} // holds one place: a picture takes much memory while it is decoded
}

// New returns the store.
func New(d *db.DB) *Products { return &Products{db: d, decoding: make(chan struct{}, 1)} }
