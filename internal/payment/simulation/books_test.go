package simulation_test

import (
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/money"
	"smartlinks/internal/receipt"
	"smartlinks/internal/visit"
)

// booksAgree compares the accountant's months with the figures of the dashboard, and all of
// them together with the payments: to the cent.
func (s *simulation) booksAgree(rt *rapid.T) {
	books, zone := receipt.New(receipt.Config{DB: s.DB}), s.Business.Location()
	whole := map[money.Currency]int64{}
	end := s.DB.Clock().Now()
	for m := receipt.MonthOf(end.AddDate(0, -4, 0), zone); !m.From.After(end); m = receipt.MonthOf(m.To.Add(time.Hour), zone) {
		sums, first, all, err := books.Books(s.T.Context(), s.Business.ID, s.Business.Mode, m, 1_000_000)
		if err != nil || all != len(first) {
			rt.Fatal(all, err)
		}
		for _, e := range first {
			if e.VAT.Net+e.VAT.Tax+e.Tip != e.Amount {
				rt.Errorf("books: %+v is not the sum of its parts", e)
			}
		}
		for _, sum := range sums {
			whole[sum.Currency] += sum.Kept()
			var days struct{ Payments, Took, Gave, Lost int64 }
			if err := s.DB.Get(s.T.Context(), &days, `SELECT CAST(COALESCE(SUM(payments), 0) AS BIGINT) AS payments, CAST(COALESCE(SUM(revenue_minor), 0) AS BIGINT) AS took,
				CAST(COALESCE(SUM(refunded_minor), 0) AS BIGINT) AS gave, CAST(COALESCE(SUM(lost_minor), 0) AS BIGINT) AS lost
				FROM business_days WHERE business_id = $1 AND mode = $2 AND currency = $3 AND day >= $4 AND day < $5`,
				s.Business.ID, s.Business.Mode, sum.Currency, visit.DayOf(m.From), visit.DayOf(m.To)); err != nil {
				rt.Fatal(err)
			}
			if days.Payments != sum.Payments || days.Took != sum.Taken || days.Gave != -sum.Refunded || days.Lost != -sum.Disputed {
				rt.Errorf("books: %s is %+v, the figures of its days are %+v", m, sum, days)
			}
		}
	}
	for currency, kept := range whole {
		if n := s.Count(`SELECT COALESCE(SUM(captured_minor - refunded_minor - lost_minor), 0) FROM payments WHERE receipt IS NOT NULL AND currency = $1`, currency); n != kept {
			rt.Errorf("books: %d %s were kept, the payments say %d", kept, currency, n)
		}
	}
}
