// Package link keeps smart links: permanent URLs that sell a product or ask a
// fixed amount, their paths, limits and slots.
package link

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
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
	ID            ID
	BusinessID    business.ID
	Path          string // behind the handle
	Name          string
	Type          Type
	Amount        *money.Amount // of an amount link
	ProductID     product.ID    // of a product link
	CustomerID    customer.ID   // whom the link is for, "" for everybody
	Currency      money.Currency
	Description   string
	Notes         string // private
	Reference     string // the merchant's own, like an invoice number
	Active        bool   // the merchant's switch alone
	Limit         Limit
	ShowRemaining bool          // say on the page how many payments remain
	PayerMin      *money.Amount // with PayerMax: the payer may choose
	PayerMax      *money.Amount
	Suggested     []money.Amount // what the payer can choose with a press
	StartsAt      *time.Time     // no payment before
	EndsAt        *time.Time     // no payment from then on
	After         AfterPayment
	Tags          []tag.Tag
	Slots         Slots
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time

	price money.Amount
}

// Price is what the link asks now: its amount, or its product's price.
func (l Link) Price() money.Amount { return l.price }

// Slots are the payments that count against a limit, in one mode.
type Slots struct {
	Held int64 // attempts that may still be paid
	Used int64 // accepted payments
}

// Status says whether a link takes payments.
type Status string

// The statuses.
const (
	Active       Status = "active"
	Inactive     Status = "inactive"
	LimitReached Status = "limit_reached"
)

// Status is inactive when the merchant switched it off, else limit_reached
// when its payments are used up, else active.
func (l Link) Status() Status {
	switch {
	case !l.Active:
		return Inactive
	case l.Limit.reached(l.Slots.Used):
		return LimitReached
	}
	return Active
}

// Open reports whether the instant lies within the link's dates.
func (l Link) Open(at time.Time) bool { return !l.Early(at) && !l.Ended(at) }

// Early reports whether the link opens later.
func (l Link) Early(at time.Time) bool { return l.StartsAt != nil && at.Before(*l.StartsAt) }

// Ended reports whether the link's last date has passed.
func (l Link) Ended(at time.Time) bool { return l.EndsAt != nil && !at.Before(*l.EndsAt) }

// PayerChooses reports whether the amount is only a suggestion. The payment
// page must allow it as well.
func (l Link) PayerChooses() bool { return l.PayerMin != nil && l.PayerMax != nil }

// Links is the store of links. It is safe for concurrent use.
type Links struct {
	db       *db.DB
	tags     *tag.Tags
	products *product.Products
	accepts  func(b business.Business, a money.Amount) string
	changed  []func(ctx context.Context, tx *db.Tx, b business.Business, c Change) error
	deleted  func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error
}

// OnDelete sets what else the deletion of a link does, in its transaction. It
// is for wiring, before the store is used.
func (s *Links) OnDelete(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error) {
	s.deleted = do
}

// OnPrice sets who may refuse an amount, with the reason for the merchant: the
// provider that is to collect it. It is for wiring, before the store is used.
func (s *Links) OnPrice(accepts func(b business.Business, a money.Amount) string) {
	s.accepts = accepts
}

// New returns the store.
func New(d *db.DB, tags *tag.Tags, products *product.Products) *Links {
	return &Links{db: d, tags: tags, products: products}
}
