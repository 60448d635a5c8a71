// Package link keeps smart links: permanent URLs that sell a product or ask a
// fixed amount, their paths, limits and slots.
package link

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/lookup"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

// ID names a link: "lnk_…".
type ID string

// Type says what a link sells.
type Type string

// The types.
const (
	Amount  Type = "amount"  // asks an amount of its own
	Product Type = "product" // leads to a product's page
)

// Link is a smart link, with its slots in the mode that it was read for.
type Link struct {
	ID         ID          `db:"id,once"`
	BusinessID business.ID `db:"business_id,once"`
	Fields
	Currency  money.Currency // of what it asks
	Slots     Slots          `db:"-"` // payments
	Units     Slots          `db:"-"` // of these payments
	Version   int64          `db:"version,read"`
	CreatedAt time.Time      `db:"created_at,once"`
	UpdatedAt time.Time

	price   money.Amount
	sold    checkout.Rules // of its product
	offSale bool           // its product is
}

// Asks are what its payers are asked: what the link says itself, and the rest as its product
// has it.
func (l Link) Asks() checkout.Rules { return l.Checkout.Over(l.sold) }

// Selling is the link of a product that asks this, which may be newer than the link was read.
func (l Link) Selling(asks checkout.Rules) Link {
	l.sold = asks
	return l
}

// Price is what the link asks now: its amount, or its product's price.
func (l Link) Price() money.Amount { return l.price }

// Slots are the payments that count against a limit, in one mode.
type Slots struct {
	Held    int64 // attempts that may still be paid, and slots on offer
	Used    int64 // accepted payments
	Waiting int64 // entries of the waiting list that wait
	Offered int64 // of Held: on offer to them
}

// Links is the store of links. It is safe for concurrent use.
type Links struct {
	db       *db.DB
	tags     *tag.Tags
	products *product.Products
	names    *lookup.Cache // what searches look at
	accepts  func(b business.Business, a money.Amount) string
	ways     func(b business.Business, methods []string) string
	changed  []func(ctx context.Context, tx *db.Tx, b business.Business, c Change) error
	freed    []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode) error
	deleted  []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error
}

// OnDelete adds what else the deletion of a link does, in its transaction. It
// is for wiring, before the store is used.
func (s *Links) OnDelete(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error) {
	s.deleted = append(s.deleted, do)
}

// OnPrice sets who may refuse an amount, with the reason for the merchant: the
// provider that is to collect it. It is for wiring, before the store is used.
func (s *Links) OnPrice(accepts func(b business.Business, a money.Amount) string) {
	s.accepts = accepts
}

// OnWays sets who may refuse ways to pay, with the reason for the merchant: the provider
// that is to offer them. It is for wiring, before the store is used.
func (s *Links) OnWays(refuses func(b business.Business, methods []string) string) { s.ways = refuses }

// New returns the store.
func New(d *db.DB, tags *tag.Tags, products *product.Products) *Links {
	s := &Links{db: d, tags: tags, products: products}
	s.names = lookup.NewCache(s.readNames)
	products.OnChange(s.productChanged)
	d.Subscribe(s.onNotice)
	return s
}
