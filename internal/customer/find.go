package customer

import (
	"context"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Find returns up to limit customers whose name, e-mail address or phone number
// holds the words, the newest first; without words, the newest. It counts
// nothing, so that it answers while somebody types: one walk over the
// business's customers, which ends as soon as enough are found.
func (s *Customers) Find(ctx context.Context, r db.Reader, businessID business.ID, query string, limit int) ([]Customer, error) {
	where, arguments := Filter{Query: query}.where(businessID)
	rows, err := s.listRows(ctx, r, where, arguments, Newest, "", false, limit)
	if err != nil {
		return nil, fmt.Errorf("find customers: %w", err)
	}
	list := make([]Customer, len(rows))
	for i, row := range rows {
		list[i] = row.customer()
	}
	return list, loadTags(ctx, r, businessID, list)
}
