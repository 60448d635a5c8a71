package waitinglist

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
)

// Count is how many entries there are, and how many slots they want together.
type Count struct{ Entries, Places int64 }

// Figures are the counts of a link's list by state. Who neither waits nor has an offer is
// counted for thirty days, then their entry is deleted.
func (s *List) Figures(ctx context.Context, b business.Business, id link.ID) (map[State]Count, error) {
	var rows []struct {
		State           State
		Entries, Places int64
	}
	err := s.DB.Select(ctx, &rows, `SELECT state, COUNT(*) AS entries, CAST(SUM(quantity) AS BIGINT) AS places FROM waiting_entries
		WHERE business_id = $1 AND link_id = $2 AND mode = $3 GROUP BY state`, b.ID, id, b.Mode)
	figures := make(map[State]Count, len(rows))
	for _, r := range rows {
		figures[r.State] = Count{r.Entries, r.Places}
	}
	return figures, err
}
