// Package history reads payments: one, lists, sums, what a payer has going, what providers
// reported. It writes nothing.
package history

import (
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

// Reader reads attempts and their payments. It is safe for concurrent use.
type Reader struct {
	db        *db.DB
	links     *link.Links
	customers *customer.Customers
}

// New returns a reader. Links and customers find what the words of a search name.
func New(d *db.DB, links *link.Links, customers *customer.Customers) *Reader {
	return &Reader{db: d, links: links, customers: customers}
}
