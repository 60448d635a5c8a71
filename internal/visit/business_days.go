package visit

import (
	"cmp"
	"context"
	"fmt"

	"smartlinks/internal/db"
)

// ofViews is the currency of what has none.
const ofViews = ""

// businessDay is a calendar day of a whole business, in one currency.
type businessDay struct {
	businessID, mode string
	day              int64
	currency         string
}

func compareBusinessDays(a, b businessDay) int {
	return cmp.Or(cmp.Compare(a.businessID, b.businessID), cmp.Compare(a.mode, b.mode), cmp.Compare(a.day, b.day), cmp.Compare(a.currency, b.currency))
}

func (t tally) addToBusiness(at businessDay, c Counts) {
	t.businessDays[at] = t.businessDays[at].Plus(c)
}

// addBusinessDay adds to the figures of a business, behind those of its links.
func addBusinessDay(k businessDay, c Counts) *db.Statement {
	return db.Exec(nil, `
		INSERT INTO business_days (business_id, mode, day, currency, views, payments, revenue_minor, refunded_minor, lost_minor)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (business_id, mode, day, currency) DO UPDATE SET
			views = business_days.views + excluded.views, payments = business_days.payments + excluded.payments,
			revenue_minor = business_days.revenue_minor + excluded.revenue_minor,
			refunded_minor = business_days.refunded_minor + excluded.refunded_minor, lost_minor = business_days.lost_minor + excluded.lost_minor`,
		k.businessID, k.mode, k.day, k.currency, c.Views, c.Payments, c.Revenue, c.Refunded, c.Lost)
}

// BusinessDays is the figures of a whole business by currency, each of the days there:
// its views under "", its money under each that it came in. It reads a row for
// each day and currency, however many links and views there are.
func BusinessDays(ctx context.Context, r db.Reader, businessID, mode string, days Span) (map[string][]DayFigures, error) {
	var rows []struct {
		Currency string
		DayFigures
	}
	err := r.Select(ctx, &rows, `
		SELECT day, currency, views, payments, revenue_minor AS revenue, refunded_minor AS refunded, lost_minor AS lost, by_hand, by_hand_minor AS hand_revenue
		FROM business_days WHERE business_id = $1 AND mode = $2 AND day >= $3 AND day <= $4`, businessID, mode, days.First, days.Last)
	if err != nil {
		return nil, fmt.Errorf("read a business's days: %w", err)
	}
	by := map[string][]DayFigures{ofViews: days.empty()}
	for _, row := range rows {
		if by[row.Currency] == nil {
			by[row.Currency] = days.empty()
		}
		by[row.Currency][row.Day-days.First] = row.DayFigures
	}
	return by, nil
}

// empty are the days without figures.
func (d Span) empty() []DayFigures {
	all := make([]DayFigures, d.Count())
	for i := range all {
		all[i].Day = d.First + int64(i)
	}
	return all
}

// Sum adds days up.
func Sum(days []DayFigures) (sum Counts) {
	for _, d := range days {
		sum = sum.Plus(d.Counts)
	}
	return sum
}

// EverPaid reports whether the business was ever paid, with real money and with play money.
func EverPaid(ctx context.Context, r db.Reader, businessID string) (live, test bool, err error) {
	var paid struct{ Live, Test bool }
	err = r.Get(ctx, &paid, `SELECT
		EXISTS (SELECT 1 FROM payments WHERE business_id = $1 AND mode = 'live' AND receipt IS NOT NULL) AS live,
		EXISTS (SELECT 1 FROM payments WHERE business_id = $1 AND mode = 'test' AND receipt IS NOT NULL) AS test`, businessID)
	return paid.Live, paid.Test, err
}
