package visit

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
)

// Share is what one value of a facet has of the figures. Bots and previews have
// none.
type Share struct {
	Value string
	Counts
}

// Span is days of a business, first and last inclusive, by their numbers; see
// DayOf.
type Span struct{ First, Last int64 }

// LastDays are the n days that end with today in the zone.
func LastDays(n int, now time.Time, zone *time.Location) Span {
	today := DayOf(now.In(zone))
	return Span{today - int64(n) + 1, today}
}

// Count is how many days they are.
func (d Span) Count() int64 { return d.Last - d.First + 1 }

// Before are as many days that end where these begin, to compare with.
func (d Span) Before() Span { return Span{d.First - d.Count(), d.First - 1} }

// Period is the same span as instants in the zone.
func (d Span) Period(zone *time.Location) Period {
	return Period{From: midnight(d.First, zone), To: midnight(d.Last+1, zone)}
}

// Date is the day's midnight in UTC, to be written as a date.
func Date(day int64) time.Time { return midnight(day, time.UTC) }

func midnight(day int64, zone *time.Location) time.Time {
	return calendar.Local(2020, 1, 1+int(day), 0, 0, zone)
}

// byHand are what was recorded by hand, of the facets that are asked for: a channel's.
const byHand = `, CAST(COALESCE(SUM(CASE WHEN facet = 'channel' AND value = 'by_hand' THEN payments ELSE 0 END), 0) AS BIGINT) AS by_hand,
			CAST(COALESCE(SUM(CASE WHEN facet = 'channel' AND value = 'by_hand' THEN revenue_minor ELSE 0 END), 0) AS BIGINT) AS hand_revenue`

// maxShares bounds a breakdown. The rest is in the figures of the whole.
const maxShares = 100

// Breakdown splits the figures of the days by the facet, most views first. It
// reads a row for each day and value, however many views there were.
func Breakdown(ctx context.Context, r db.Reader, businessID, targetID, mode string, days Span, f Facet) ([]Share, error) {
	all, err := Breakdowns(ctx, r, businessID, targetID, mode, days, f)
	return all[f], err
}

// Breakdowns are those by several facets, asked at once.
func Breakdowns(ctx context.Context, r db.Reader, businessID, targetID, mode string, days Span, by ...Facet) (map[Facet][]Share, error) {
	arguments := []any{businessID, targetID, mode, days.First, days.Last, maxShares}
	for _, f := range by {
		arguments = append(arguments, string(f))
	}
	var rows []struct {
		Facet Facet
		Share
	}
	err := r.Select(ctx, &rows, `
		SELECT facet, value, views, visitors, attempts, payments, revenue, refunded, lost, by_hand, hand_revenue FROM (
			SELECT facet, value, CAST(SUM(views) AS BIGINT) AS views, CAST(SUM(visitors) AS BIGINT) AS visitors, CAST(SUM(attempts) AS BIGINT) AS attempts,
				CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(revenue_minor) AS BIGINT) AS revenue,
				CAST(SUM(refunded_minor) AS BIGINT) AS refunded, CAST(SUM(lost_minor) AS BIGINT) AS lost`+byHand+`,
				ROW_NUMBER() OVER (PARTITION BY facet ORDER BY SUM(views) DESC, SUM(payments) DESC, value) AS place
			FROM link_facets WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND day >= $4 AND day <= $5 AND facet IN (`+db.In(len(by), 7)+`)
			GROUP BY facet, value HAVING SUM(views) + SUM(attempts) + SUM(payments) + SUM(revenue_minor) + SUM(refunded_minor) > 0
		) shares WHERE place <= $6 ORDER BY facet, place`, arguments...)
	if err != nil {
		return nil, fmt.Errorf("read the facets: %w", err)
	}
	all := map[Facet][]Share{}
	for _, row := range rows {
		all[row.Facet] = append(all[row.Facet], row.Share)
	}
	return all, nil
}

// Figures are the figures of the days, as the business counts them. The days of
// a business that moved to another time zone are those of the zone that it had
// on them. Bots, previews and own views are not told apart by day: they are 0.
func Figures(ctx context.Context, r db.Reader, businessID, targetID, mode string, days Span) (Counts, error) {
	var c Counts
	err := r.Get(ctx, &c, `
		SELECT CAST(COALESCE(SUM(views), 0) AS BIGINT) AS views, CAST(COALESCE(SUM(visitors), 0) AS BIGINT) AS visitors,
			CAST(COALESCE(SUM(attempts), 0) AS BIGINT) AS attempts, CAST(COALESCE(SUM(payments), 0) AS BIGINT) AS payments,
			CAST(COALESCE(SUM(revenue_minor), 0) AS BIGINT) AS revenue, CAST(COALESCE(SUM(refunded_minor), 0) AS BIGINT) AS refunded,
			CAST(COALESCE(SUM(lost_minor), 0) AS BIGINT) AS lost`+byHand+`
		FROM link_facets WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND facet = $4 AND day >= $5 AND day <= $6`,
		businessID, targetID, mode, string(FacetChannel), days.First, days.Last)
	return c, err
}

// DayFigures are the figures of one day.
type DayFigures struct {
	Day int64
	Counts
}

// ByDay are the figures of each of the days, the empty ones too.
func ByDay(ctx context.Context, r db.Reader, businessID, targetID, mode string, days Span) ([]DayFigures, error) {
	var rows []DayFigures
	err := r.Select(ctx, &rows, `
		SELECT day, CAST(SUM(views) AS BIGINT) AS views, CAST(SUM(visitors) AS BIGINT) AS visitors, CAST(SUM(attempts) AS BIGINT) AS attempts,
			CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(revenue_minor) AS BIGINT) AS revenue,
			CAST(SUM(refunded_minor) AS BIGINT) AS refunded, CAST(SUM(lost_minor) AS BIGINT) AS lost`+byHand+`
		FROM link_facets WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND facet = $4 AND day >= $5 AND day <= $6 GROUP BY day`,
		businessID, targetID, mode, string(FacetChannel), days.First, days.Last)
	if err != nil {
		return nil, fmt.Errorf("read figures by day: %w", err)
	}
	all := make([]DayFigures, days.Count())
	for i := range all {
		all[i].Day = days.First + int64(i)
	}
	for _, row := range rows {
		all[row.Day-days.First] = row
	}
	return all, nil
}

// FirstDay is the first day that has figures, or today where none has.
func FirstDay(ctx context.Context, r db.Reader, businessID, targetID, mode string, today int64) (int64, error) {
	var first *int64
	err := r.Get(ctx, &first, `SELECT MIN(day) FROM link_facets WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND facet = $4`,
		businessID, targetID, mode, string(FacetChannel))
	if err != nil || first == nil {
		return today, err
	}
	return min(*first, today), nil
}
