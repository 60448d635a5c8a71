// Package customer keeps the people and firms that a business knows: how to
// reach them, in which language, and their tags.
package customer

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/tag"
)

// ID names a customer: "cus_…".
type ID string

// Customer is a person or firm that a business knows.
type Customer struct {
	ID         ID
	BusinessID business.ID
	Name       string
	Email      string // "" when unknown; unique in the business
	Phone      string // E.164, "" when unknown
	Language   string // of business.Locales, "" when unknown
	Notes      string // private
	Tags       []tag.Tag
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Customers is the store of customers. It is safe for concurrent use.
type Customers struct {
	db      *db.DB
	tags    *tag.Tags
	merged  []func(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone ID) error
	deleted []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error
	erased  []func(ctx context.Context, tx *db.Tx, businessID business.ID, c Customer) error
	tagged  []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) error
}

// New returns the store.
func New(d *db.DB, tags *tag.Tags) *Customers { return &Customers{db: d, tags: tags} }

// OnMerge adds what else happens when one customer becomes another, in the
// transaction: other rooms move their rows. It is for wiring, before the store
// is used.
func (s *Customers) OnMerge(do func(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone ID) error) {
	s.merged = append(s.merged, do)
}

// OnDelete adds what else the deletion of a customer does, in its transaction.
// It is for wiring, before the store is used.
func (s *Customers) OnDelete(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error) {
	s.deleted = append(s.deleted, do)
}

// OnTag adds what else happens when a customer gets a tag that they did not
// have, in the transaction. Tags that become one, and customers that do, don't
// count. It is for wiring, before the store is used.
func (s *Customers) OnTag(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) error) {
	s.tagged = append(s.tagged, do)
}

func (s *Customers) tellTag(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) error {
	for _, do := range s.tagged {
		if err := do(ctx, tx, businessID, id, tagID); err != nil {
			return err
		}
	}
	return nil
}
