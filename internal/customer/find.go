package customer

import (
	"context"
	"fmt"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/text"
)

// Find returns up to limit customers whose name, e-mail address and phone number hold
// every word, who fits best first; without words, the newest. It counts nothing, so that it
// answers while somebody types. Outside of a transaction it looks in memory.
func (s *Customers) Find(ctx context.Context, r db.Reader, businessID business.ID, query string, limit int) ([]Customer, error) {
	f := Filter{Query: query}
	if _, within := r.(*db.Tx); !within && len(text.Words(query)) > 0 {
		ids, _, known, err := s.Named(ctx, businessID, query, limit) // who fits best, of many
		if err != nil {
			return nil, err
		}
		if known {
			f.named = append([]ID{}, ids...)
		}
	}
	where, arguments := f.where(businessID)
	list, err := s.listRows(ctx, r, where, arguments, Newest, place{}, limit)
	if err != nil {
		return nil, fmt.Errorf("find customers: %w", err)
	}
	if f.named != nil {
		slices.SortStableFunc(list, func(a, b Customer) int { return slices.Index(f.named, a.ID) - slices.Index(f.named, b.ID) })
	}
	return list, loadTags(ctx, r, businessID, list)
}
