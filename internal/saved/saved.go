// Package saved keeps searches of the dashboard's lists under names: what a list is
// narrowed to, for everybody of the business.
package saved

import (
	"context"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/text"
)

// List is a list of the dashboard.
type List string

// The lists whose searches can be saved.
const (
	Links        List = "links"
	Customers    List = "customers"
	Transactions List = "transactions"
)

// Bounds of what is kept.
const (
	MaxName  = 40   // characters
	Most     = 20   // searches of a list
	maxQuery = 1500 // bytes of one
)

// ID names a saved search: "ssr_…".
type ID string

// Search is a saved search.
type Search struct {
	ID        ID
	List      List
	Name      string
	Query     string // as the address of the list has it
	CreatedAt time.Time
}

// Searches is the store of saved searches. It is safe for concurrent use.
type Searches struct{ db *db.DB }

// New returns the store.
func New(d *db.DB) *Searches { return &Searches{d} }

var nameRule = text.Rule{Most: MaxName, Required: true}

// Of are the saved searches of a list, by name.
func (s *Searches) Of(ctx context.Context, businessID business.ID, list List) (all []Search, err error) {
	err = s.db.Select(ctx, &all, `SELECT id, list, name, query, created_at FROM saved_searches WHERE business_id = $1 AND list = $2 ORDER BY name_folded`, businessID, list)
	return all, err
}

// Save keeps a query of a list under a name. A name that is there already gets the new
// query. Errors: Invalid with the fields "name" and "query".
func (s *Searches) Save(ctx context.Context, businessID business.ID, list List, name string, query url.Values) (Search, error) {
	var wrong fault.Fields
	name = nameRule.Clean("name", name, wrong.Add)
	found := Search{List: list, Name: name, Query: query.Encode()}
	switch {
	case list != Links && list != Customers && list != Transactions:
		wrong.Add("query", "saved.list", i18n.Mark("Searches of this list can’t be saved."))
	case found.Query == "":
		wrong.Add("query", "saved.empty", i18n.Mark("Search for something or choose a filter first, then save it."))
	case len(found.Query) > maxQuery:
		wrong.Add("query", "saved.long", i18n.Mark("This search is too long to be saved. Choose fewer filters."))
	}
	if err := wrong.Err(); err != nil {
		return Search{}, err
	}
	err := s.db.InTx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "saved searches "+string(businessID)); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE saved_searches SET name = $4, query = $5 WHERE business_id = $1 AND list = $2 AND name_folded = $3`, businessID, list, text.Fold(name), name, found.Query)
		if err != nil || n > 0 {
			return err
		}
		var there int
		if err := tx.Get(ctx, &there, `SELECT COUNT(*) FROM saved_searches WHERE business_id = $1 AND list = $2`, businessID, list); err != nil {
			return err
		}
		if there >= Most {
			var wrong fault.Fields
			wrong.Add("name", "saved.many", i18n.Mark("There are 20 saved searches of this list. Delete one first."))
			return wrong.Err()
		}
		id, err := tx.NewID("ssr")
		if err != nil {
			return err
		}
		found.ID, found.CreatedAt = ID(id), tx.Now()
		_, err = tx.Exec(ctx, `INSERT INTO saved_searches (id, business_id, list, name, name_folded, query, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, businessID, list, name, text.Fold(name), found.Query, db.At(tx.Now()))
		return err
	})
	return found, err
}

// Delete forgets a saved search and returns it. NotFound when the business has none of
// the id.
func (s *Searches) Delete(ctx context.Context, businessID business.ID, id ID) (Search, error) {
	var gone []Search
	err := s.db.Returning(ctx, &gone, `DELETE FROM saved_searches WHERE business_id = $1 AND id = $2 RETURNING id, list, name, query, created_at`, businessID, id)
	if err == nil && len(gone) == 0 {
		err = fault.New(fault.NotFound, i18n.Mark("There is no such saved search. It may have been deleted."))
	}
	if err != nil {
		return Search{}, err
	}
	return gone[0], nil
}

// EraseCustomer forgets the searches that name the customer.
func (s *Searches) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	var all []Search
	if err := tx.Select(ctx, &all, `SELECT id, list, name, query, created_at FROM saved_searches WHERE business_id = $1`, businessID); err != nil {
		return err
	}
	for _, one := range all {
		if !one.names(c) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM saved_searches WHERE business_id = $1 AND id = $2`, businessID, one.ID); err != nil {
			return err
		}
	}
	return nil
}

// names tells whether the search or its name says who the customer is.
func (s Search) names(c customer.Customer) bool {
	query, _ := url.ParseQuery(s.Query)
	if query.Get("customer") == string(c.ID) {
		return true
	}
	said := text.Fold(s.Name + " " + query.Get("q"))
	for _, mine := range []string{c.Name, c.Email, strings.TrimPrefix(c.Phone, "+")} {
		if mine != "" && strings.Contains(said, text.Fold(mine)) {
			return true
		}
	}
	return false
}
