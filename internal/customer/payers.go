package customer

import (
	"context"
	"maps"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/mailaddr"
)

// Match is a customer by the e-mail address.
type Match struct {
	ID          ID
	EmailFolded string
}

// Matches asks for the customers with the payers' e-mail addresses.
func (s *Customers) Matches(into *[]Match, businessID business.ID, payers []Payer) *db.Statement {
	arguments := []any{businessID}
	for _, p := range payers {
		folded := ""
		if address, err := mailaddr.Parse(p.Email); err == nil {
			folded = address.Folded
		}
		arguments = append(arguments, folded)
	}
	return db.All(into, `SELECT id, email_folded FROM customers WHERE business_id = $1 AND email_folded <> '' AND email_folded IN (`+db.In(len(arguments)-1, 2)+`)`, arguments...)
}

// Made are customers that are made of payers, by statements that the caller sends, before
// it calls Done.
type Made struct {
	Statements []*db.Statement
	customers  *Customers
	business   business.ID
	matches    []Match
	ours       map[ID]bool
}

// MakeOfPayers makes customers of payers. However many payments of one payer are
// settled at once, they get one customer: a payer whom another transaction has made one
// meanwhile matches that. An address that can't be read gives no customer.
func (s *Customers) MakeOfPayers(tx *db.Tx, businessID business.ID, payers []Payer) (*Made, error) {
	byAddress := map[string]unnamed{}
	for _, p := range payers {
		if address, err := mailaddr.Parse(p.Email); err == nil {
			c := Customer{BusinessID: businessID, Fields: Fields{Name: payerName(p, address.Typed), Email: address.Typed, Language: supportedLanguage(p.Language)}}
			links := append(byAddress[address.Folded].links, p.Link)
			byAddress[address.Folded] = unnamed{c, links}
		}
	}
	m := &Made{customers: s, business: businessID, matches: make([]Match, len(byAddress)), ours: map[ID]bool{}}
	// In one order, so that two transactions never wait for each other in a circle.
	for i, folded := range slices.Sorted(maps.Keys(byAddress)) {
		id, err := tx.NewID("cus")
		if err != nil {
			return nil, err
		}
		c, links := byAddress[folded].Customer, byAddress[folded].links
		c.ID, c.CreatedAt, c.UpdatedAt = ID(id), tx.Now(), tx.Now()
		m.ours[c.ID] = true
		row := c.row(false)
		arguments := []any{c.ID, businessID, c.Name, c.Email, c.Language, db.At(tx.Now()), row.NameFolded, row.EmailFolded, slices.Contains(links, "")}
		for _, l := range links {
			arguments = append(arguments, l)
		}
		// The update changes nothing; it makes a row that is there come back. Nobody is made
		// where all links that they pay for are for somebody.
		m.Statements = append(m.Statements, db.One(&m.matches[i], `
			INSERT INTO customers (id, business_id, name, email, phone, language, notes, created_at, updated_at, name_folded, email_folded, entered)
			SELECT $1, $2, $3, $4, '', $5, '', $6, $6, $7, $8, FALSE
			WHERE CAST($9 AS BOOLEAN) OR EXISTS (SELECT 1 FROM links WHERE business_id = $2 AND customer_id IS NULL AND id IN (`+db.In(len(links), 10)+`))
			ON CONFLICT (business_id, email_folded) WHERE email_folded <> '' DO UPDATE SET email_folded = excluded.email_folded
			RETURNING id, email_folded`, arguments...))
	}
	return m, nil
}

// unnamed is a customer of whom is known what they pay for, "" for what is no link.
type unnamed struct {
	Customer
	links []string
}

// Done tells of the new ones, and returns all by e-mail address, folded.
func (m *Made) Done(ctx context.Context, tx *db.Tx) (map[string]ID, error) {
	made := map[string]ID{}
	for _, match := range m.matches {
		if match.ID == "" {
			continue // what they paid for is for somebody
		}
		made[match.EmailFolded] = match.ID
		if !m.ours[match.ID] {
			continue
		}
		renamed(tx, m.business, match.ID)
		if err := m.customers.publishCreated(ctx, tx, m.business, match.ID); err != nil {
			return nil, err
		}
	}
	return made, nil
}
