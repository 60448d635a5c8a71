// Package customer keeps the people and firms that a business knows: how to
// reach them, in which language, and their tags.
package customer

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/lookup"
	"smartlinks/internal/tag"
)

// ID names a customer: "cus_…".
type ID string

// Fields are what a business says of a customer. A name or an e-mail address is needed.
type Fields struct {
	Name     string
	Email    string    // "" when unknown; unique in the business
	Phone    string    // E.164 once it is stored, in any usual form before; "" when unknown
	Language string    // of i18n.Codes, "" when unknown
	Notes    string    // private
	Tags     []tag.Tag `db:"-"` // those without an id are found by their names, or made
}

// Customer is a person or firm that a business knows.
type Customer struct {
	ID         ID          `db:"id,once"`
	BusinessID business.ID `db:"business_id,once"`
	Fields
	Version   int64     `db:"version,read"`
	CreatedAt time.Time `db:"created_at,once"`
	UpdatedAt time.Time
}

// Customers is the store of customers. It is safe for concurrent use.
type Customers struct {
	db      *db.DB
	tags    *tag.Tags
	names   *lookup.Cache // what searches look at
	merged  []func(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone ID) error
	deleted []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error
	erased  []func(ctx context.Context, tx *db.Tx, businessID business.ID, c Customer) error
	created []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error
	tagged  []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) error
}

// New returns the store.
func New(d *db.DB, tags *tag.Tags) *Customers {
	s := &Customers{db: d, tags: tags}
	s.names = lookup.NewCache(s.readNames)
	d.Subscribe(s.onNotice)
	return s
}

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

// OnCreate adds what else happens when a customer is made, in the transaction. It is for
// wiring, before the store is used.
func (s *Customers) OnCreate(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error) {
	s.created = append(s.created, do)
}

func (s *Customers) publishCreated(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error {
	for _, do := range s.created {
		if err := do(ctx, tx, businessID, id); err != nil {
			return err
		}
	}
	return nil
}

// OnTag adds what else happens when a customer gets a tag that they did not
// have, in the transaction. Tags that become one, and customers that do, don't
// count. It is for wiring, before the store is used.
func (s *Customers) OnTag(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) error) {
	s.tagged = append(s.tagged, do)
}

func (s *Customers) publishTag(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, tagID tag.ID) error {
	for _, do := range s.tagged {
		if err := do(ctx, tx, businessID, id, tagID); err != nil {
			return err
		}
	}
	return nil
}
