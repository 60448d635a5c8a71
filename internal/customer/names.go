package customer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/lookup"
	"smartlinks/internal/text"
)

// namesTopic is the notice that what a search finds customers by changed.
const namesTopic = "customer names"

// renamed tells all processes that a customer came, went, or is found by other words.
func renamed(tx *db.Tx, businessID business.ID, id ID) {
	tx.Notify(namesTopic, lookup.Key(string(businessID), string(id)))
}

func (s *Customers) onNotice(topic, key string) {
	switch topic {
	case namesTopic:
		s.names.Changed(key)
	case "*":
		s.names.Clear()
	}
}

// nameRow is what a customer is found by.
type nameRow struct {
	ID          string
	NameFolded  string
	EmailFolded string
	Phone       string
}

const selectNames = `SELECT id, name_folded, email_folded, phone FROM customers WHERE business_id = $1`

// readNames hands the cache what customers of the business are found by.
func (s *Customers) readNames(ctx context.Context, businessID string, ids []string, put func(lookup.Row)) error {
	var rows []nameRow
	if ids == nil {
		if err := s.db.Select(ctx, &rows, selectNames+` ORDER BY id`, businessID); err != nil {
			return fmt.Errorf("read the names of customers: %w", err)
		}
	}
	for some := range slices.Chunk(ids, MaxPage) {
		arguments := []any{businessID}
		for _, id := range some {
			arguments = append(arguments, id)
		}
		var part []nameRow
		if err := s.db.Select(ctx, &part, selectNames+` AND id IN (`+db.In(len(some), 2)+`)`, arguments...); err != nil {
			return fmt.Errorf("read the names of customers: %w", err)
		}
		rows = append(rows, part...)
	}
	for _, r := range rows {
		put(lookup.Row{ID: r.ID, Text: r.NameFolded + lookup.Part + r.EmailFolded + lookup.Part + strings.TrimPrefix(r.Phone, "+")})
	}
	return nil
}

// Named are the ids of the customers whose name, e-mail address and phone number hold
// every word of the query, the newest first, at most that many, and how many there are.
// known is false when the business has too many to be kept in memory.
func (s *Customers) Named(ctx context.Context, businessID business.ID, query string, most int) (ids []ID, total int64, known bool, err error) {
	names, err := s.names.Text(ctx, string(businessID))
	if err != nil || names == nil {
		return nil, 0, false, err
	}
	said := text.Words(query)
	found, n := names.Find(lookup.Query{Words: said, Or: phoneDigits(query), First: strings.Join(said, " "), Most: most})
	for _, id := range found {
		ids = append(ids, ID(id))
	}
	return ids, int64(n), true, nil
}

// Spelt is how the word is written in names and addresses of the business's customers:
// as it is when some hold it, else with another letter. The fit tells how well, 0 that
// there is nothing like it.
func (s *Customers) Spelt(ctx context.Context, businessID business.ID, word string) (spelt string, fit int, err error) {
	names, err := s.names.Text(ctx, string(businessID))
	if err != nil || names == nil {
		return "", 0, err
	}
	spelt, fit = names.Spelt(text.Fold(word))
	return spelt, fit, nil
}
