// Package tag keeps the coloured labels of links and customers.
package tag

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// ID names a tag: "tag_…".
type ID string

// Kind says what a tag labels. A name may exist once in each kind.
type Kind string

// The kinds.
const (
	OfLinks     Kind = "link"
	OfCustomers Kind = "customer"
)

// Fields are what a business says of a tag.
type Fields struct {
	Name  string
	Color string // one of Colors
}

// Tag is a coloured label of a business.
type Tag struct {
	ID         ID          `db:"id,once"`
	BusinessID business.ID `db:"business_id,once"`
	Kind       Kind        `db:"kind,once"`
	Fields
	Version   int64     `db:"version,read"` // counts changes, from 1
	CreatedAt time.Time `db:"created_at,once"`
}

// Named are tags of which nothing but the names is known, to be found or made by them.
func Named(names ...string) []Tag {
	tags := make([]Tag, len(names))
	for i, name := range names {
		tags[i].Name = name
	}
	return tags
}

// Names are the names of tags, in their order; never nil.
func Names(tags []Tag) []string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return names
}

// Usage is a tag with the number of links or customers that carry it.
type Usage struct {
	Tag
	Count int64
}

// Colors returns the names of the colours that a tag may have, as the styles
// know them.
func Colors() []string {
	return []string{
		"slate", "blue", "indigo", "purple", "pink", "red", "orange", "green", "teal",
		"stone", "sky", "navy", "violet", "rose", "brown", "amber", "lime", "mint",
	}
}

// Tags is the store of tags. It is safe for concurrent use.
type Tags struct {
	db      *db.DB
	merged  []func(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone ID) error
	deleted []func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error
}

// OnMerge adds what else happens when one tag becomes another, in the
// transaction: other rooms move their rows. It is for wiring, before the store
// is used.
func (s *Tags) OnMerge(do func(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone ID) error) {
	s.merged = append(s.merged, do)
}

// OnDelete adds what else the deletion of a tag does, in its transaction. It is
// for wiring, before the store is used.
func (s *Tags) OnDelete(do func(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error) {
	s.deleted = append(s.deleted, do)
}

// New returns the store.
func New(d *db.DB) *Tags { return &Tags{db: d} }
