package visit

import (
	"context"
	"fmt"

	"smartlinks/internal/db"
)

// Best is what earned most: a link, a product's page or the payment page.
type Best struct {
	TargetID string
	Name     string // "" of the payment page
	Deleted  bool
	Payments int64
	Revenue  int64 // minor units, gross
}

// BestOf are the targets of the business that earned most in the currency
// within the period, the best first. The cost grows with what was sold, not
// with what was looked at.
func BestOf(ctx context.Context, r db.Reader, businessID, mode, currency string, p Period, most int) ([]Best, error) {
	var best []Best
	err := r.Select(ctx, &best, `
		SELECT s.link_id AS target_id, COALESCE(l.name, pr.name, '') AS name, l.deleted_at IS NOT NULL OR pr.deleted_at IS NOT NULL AS deleted, s.payments, s.revenue
		FROM (
			SELECT link_id, CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(revenue_minor) AS BIGINT) AS revenue
			FROM link_rollups WHERE business_id = $1 AND mode = $2 AND bucket >= $3 AND bucket < $4 AND payments > 0
			GROUP BY link_id
		) s JOIN businesses b ON b.id = $1 LEFT JOIN links l ON l.id = s.link_id LEFT JOIN products pr ON pr.id = s.link_id
		WHERE COALESCE(l.currency, pr.currency, b.currency) = $5
		ORDER BY s.revenue DESC, s.payments DESC, s.link_id LIMIT $6`,
		businessID, mode, db.At(p.From), db.At(p.To), currency, most)
	if err != nil {
		return nil, fmt.Errorf("read the best of a business: %w", err)
	}
	return best, nil
}
