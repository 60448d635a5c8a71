package history

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

// eachPage is how many rows Each holds at a time.
const eachPage = 500

// Each gives all attempts of the filter to do, the newest first, whatever its
// cursor and limit. It reads page by page, so that memory is bounded and no
// read stays open while somebody downloads slowly; what is paid meanwhile is
// not in it. It ends at do's first error and returns that.
func (r *Reader) Each(ctx context.Context, businessID business.ID, mode business.Mode, f Filter, do func(View) error) error {
	f.Cursor, f.Limit = "", eachPage
	for {
		views, next, err := r.page(ctx, businessID, mode, f)
		if err != nil {
			return err
		}
		for _, v := range views {
			if err := do(v); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		f.Cursor = next
	}
}

// Sum is what was taken and given back in one currency.
type Sum struct {
	Payments        int64
	Gross, Refunded money.Amount
	Lost            money.Amount // in disputes
}

// Net is what was kept.
func (s Sum) Net() money.Amount {
	return money.Amount{Minor: s.Gross.Minor - s.Refunded.Minor - s.Lost.Minor, Currency: s.Gross.Currency}
}

// sumMost bounds how many attempts Sums reads.
const sumMost = 2000

// Sums adds up the accepted payments of the filter, by currency. Attempts
// without money are no part of it, nor is overflow, which goes back. When the
// filter holds more than some thousands of attempts, all is false and nothing
// is added up: a page must not cost more the more there is.
func (r *Reader) Sums(ctx context.Context, businessID business.ID, mode business.Mode, f Filter) (sums []Sum, all bool, err error) {
	f.Cursor = ""
	if err := r.findNamed(ctx, businessID, mode, &f); err != nil {
		return nil, false, err
	}
	where, arguments := f.Where(businessID, mode)
	arguments = append(arguments, sumMost+1)
	var rows []struct {
		Currency                        money.Currency
		Attempts, Payments, Gross, Back int64
		Lost                            int64
	}
	err = r.db.Select(ctx, &rows, `
		SELECT currency, COUNT(*) AS attempts, COUNT(receipt) AS payments,
			CAST(COALESCE(SUM(CASE WHEN receipt IS NOT NULL THEN captured_minor END), 0) AS BIGINT) AS gross,
			CAST(COALESCE(SUM(CASE WHEN receipt IS NOT NULL THEN refunded_minor END), 0) AS BIGINT) AS back,
			CAST(COALESCE(SUM(CASE WHEN receipt IS NOT NULL THEN lost_minor END), 0) AS BIGINT) AS lost
		FROM (SELECT a.currency, p.receipt, p.captured_minor, p.refunded_minor, p.lost_minor`+ViewTables+where+
		` ORDER BY a.id DESC LIMIT `+db.In(1, len(arguments))+`) AS shown GROUP BY currency ORDER BY gross DESC, currency`, arguments...)
	if err != nil {
		return nil, false, err
	}
	var attempts int64
	for _, r := range rows {
		if attempts += r.Attempts; attempts > sumMost {
			return nil, false, nil
		}
		if r.Payments > 0 {
			in := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: r.Currency} }
			sums = append(sums, Sum{r.Payments, in(r.Gross), in(r.Back), in(r.Lost)})
		}
	}
	return sums, true, nil
}
