package history

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// Spent is what a customer paid in one currency.
type Spent struct {
	Payments int64
	Gross    money.Amount
	LastAt   time.Time
}

// ByCustomer tells what these customers paid in the mode, by currency. Its cost
// grows with their payments alone.
func (r *Reader) ByCustomer(ctx context.Context, businessID business.ID, mode business.Mode, ids []customer.ID) (map[customer.ID][]Spent, error) {
	spent := map[customer.ID][]Spent{}
	if len(ids) == 0 {
		return spent, nil
	}
	arguments := []any{businessID, mode}
	for _, id := range ids {
		arguments = append(arguments, id)
	}
	var rows []struct {
		CustomerID customer.ID
		Currency   money.Currency
		Payments   int64
		Gross      int64
		LastAt     db.Time
	}
	err := r.db.Select(ctx, &rows, `
		SELECT customer_id, currency, COUNT(*) AS payments, CAST(SUM(took) AS BIGINT) AS gross, MAX(paid_at) AS last_at FROM (
			SELECT customer_id, currency, captured_minor AS took, paid_at FROM payments WHERE business_id = $1 AND mode = $2 AND customer_id IN (`+db.In(len(ids), 3)+`)
			UNION ALL SELECT customer_id, currency, amount_minor, paid_at FROM past_payments WHERE business_id = $1 AND mode = $2 AND customer_id IN (`+db.In(len(ids), 3)+`)) AS every
		GROUP BY customer_id, currency ORDER BY customer_id, currency`, arguments...)
	if err != nil {
		return nil, fmt.Errorf("add up customers' payments: %w", err)
	}
	for _, r := range rows {
		spent[r.CustomerID] = append(spent[r.CustomerID], Spent{r.Payments, money.Amount{Minor: r.Gross, Currency: r.Currency}, r.LastAt.Time})
	}
	return spent, nil
}
