package visit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
)

// Conversion is payments ÷ views, without those that were recorded by hand; 0 without
// views.
func (c Counts) Conversion() Percent { return PercentOf(c.Payments-c.ByHand, c.Views) }

// Average is revenue ÷ payments in minor units, rounded half up; false without
// payments.
func (c Counts) Average() (minor int64, ok bool) {
	if c.Payments == 0 {
		return 0, false
	}
	return (2*c.Revenue + c.Payments) / (2 * c.Payments), true
}

// Net is revenue less what was refunded, and what disputes took.
func (c Counts) Net() int64 { return c.Revenue - c.Refunded - c.Lost }

// sums are the columns of Counts over a group.
const sums = `CAST(COALESCE(SUM(views), 0) AS BIGINT) AS views, CAST(COALESCE(SUM(bots), 0) AS BIGINT) AS bots,
	CAST(COALESCE(SUM(previews), 0) AS BIGINT) AS previews, CAST(COALESCE(SUM(visitors), 0) AS BIGINT) AS visitors,
	CAST(COALESCE(SUM(own), 0) AS BIGINT) AS own, CAST(COALESCE(SUM(attempts), 0) AS BIGINT) AS attempts, CAST(COALESCE(SUM(payments), 0) AS BIGINT) AS payments,
	CAST(COALESCE(SUM(revenue_minor), 0) AS BIGINT) AS revenue, CAST(COALESCE(SUM(refunded_minor), 0) AS BIGINT) AS refunded,
	CAST(COALESCE(SUM(lost_minor), 0) AS BIGINT) AS lost,
	CAST(COALESCE(SUM(CASE WHEN channel = 'by_hand' THEN payments ELSE 0 END), 0) AS BIGINT) AS by_hand,
	CAST(COALESCE(SUM(CASE WHEN channel = 'by_hand' THEN revenue_minor ELSE 0 END), 0) AS BIGINT) AS hand_revenue`

// Totals are the figures of the targets that have any. They come from totals
// that are kept, so their cost doesn't grow with the views.
func Totals(ctx context.Context, r db.Reader, businessID, mode string, targets []string) (map[string]Counts, error) {
	totals := make(map[string]Counts, len(targets))
	if len(targets) == 0 {
		return totals, nil
	}
	arguments := []any{businessID, mode}
	for _, t := range targets {
		arguments = append(arguments, t)
	}
	var rows []struct {
		LinkID string
		Counts
	}
	err := r.Select(ctx, &rows, `
		SELECT link_id, views, visitors, bots, previews, own, attempts, payments, revenue_minor AS revenue, refunded_minor AS refunded, lost_minor AS lost, by_hand, by_hand_minor AS hand_revenue
		FROM link_totals WHERE business_id = $1 AND mode = $2 AND link_id IN (`+db.In(len(targets), 3)+`)`, arguments...)
	for _, row := range rows {
		totals[row.LinkID] = row.Counts
	}
	return totals, err
}

// Period is a span of time, from inclusive, to exclusive.
type Period struct{ From, To time.Time }

// Days is the period of n calendar days in the zone that ends with today.
func Days(n int, now time.Time, zone *time.Location) Period {
	now = now.In(zone)
	return Period{From: calendar.Day(now, 1-n), To: calendar.Day(now, 1)}
}

// Point is the figures of one interval.
type Point struct {
	Start time.Time
	Counts
}

// ChannelCounts are the figures of one channel.
type ChannelCounts struct {
	Channel string
	Counts
}

// ByChannel splits the period's figures by channel, most views first.
func ByChannel(ctx context.Context, r db.Reader, businessID, targetID, mode string, p Period) ([]ChannelCounts, error) {
	var rows []ChannelCounts
	err := r.Select(ctx, &rows, `
		SELECT channel, `+sums+` FROM link_rollups
		WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND bucket >= $4 AND bucket < $5
		GROUP BY channel ORDER BY 2 DESC, 1`,
		businessID, targetID, mode, db.At(p.From), db.At(p.To))
	return rows, err
}

// Interval is the grain of a series.
type Interval string

// The intervals.
const (
	Hour  Interval = "hour"
	Day   Interval = "day"
	Week  Interval = "week" // from Monday, ISO 8601
	Month Interval = "month"
)

// Series is the period's figures by interval in the zone, with empty intervals
// too, so that a chart needs no filling.
func Series(ctx context.Context, r db.Reader, businessID, targetID, mode string, p Period, every Interval, zone *time.Location) ([]Point, error) {
	points := every.empty(p, zone)
	query, arguments := seriesOf(points, p, businessID, targetID, mode)
	var rows []intervalCounts
	if err := r.Select(ctx, &rows, query, arguments...); err != nil {
		return nil, err
	}
	fillIn(points, rows)
	return points, nil
}

// SeriesAndTotals is Series, and the target's figures of all time, by one question.
func SeriesAndTotals(ctx context.Context, r db.Reader, businessID, targetID, mode string, p Period, every Interval, zone *time.Location) (points []Point, totals Counts, err error) {
	points = every.empty(p, zone)
	query, arguments := seriesOf(points, p, businessID, targetID, mode)
	var rows []intervalCounts
	err = r.Select(ctx, &rows, query+` UNION ALL
		SELECT CAST(NULL AS BIGINT), views, bots, previews, visitors, own, attempts, payments, revenue_minor, refunded_minor, lost_minor, by_hand, by_hand_minor
		FROM link_totals WHERE business_id = $1 AND link_id = $2 AND mode = $3`, arguments...)
	if err != nil {
		return nil, totals, err
	}
	if at := slices.IndexFunc(rows, func(c intervalCounts) bool { return c.Interval == nil }); at >= 0 {
		totals = rows[at].Counts
	}
	fillIn(points, rows)
	return points, totals, nil
}

// intervalCounts are the figures of an interval, by its index.
type intervalCounts struct {
	Interval *int
	Counts
}

func fillIn(points []Point, rows []intervalCounts) {
	for _, row := range rows {
		if row.Interval != nil {
			points[*row.Interval].Counts = row.Counts
		}
	}
}

// seriesOf asks for the figures of a target by interval. The database adds them up, so that
// an answer has as many rows as the chart has points, however much happened.
func seriesOf(points []Point, p Period, businessID, targetID, mode string) (query string, arguments []any) {
	interval, arguments := intervalSQL(points, []any{businessID, targetID, mode, db.At(p.From), db.At(p.To)})
	return `SELECT ` + interval + ` AS interval, ` + sums + ` FROM link_rollups
		WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND bucket >= $4 AND bucket < $5 GROUP BY 1`, arguments
}

// intervalSQL is the index of the interval that a bucket of the period is in; arguments are
// extended by where intervals begin.
func intervalSQL(points []Point, arguments []any) (expression string, extended []any) {
	second := len(arguments) + 1
	for i := 1; i < len(points); i++ {
		arguments = append(arguments, db.At(points[i].Start))
	}
	return byHalves(0, len(points), second), arguments
}

// byHalves finds an interval from inclusive, to exclusive. The beginning of the one with the
// index 1 is the argument of that number, and so on.
func byHalves(from, to, second int) string {
	if to-from <= 1 {
		return fmt.Sprintf(`%d`, from)
	}
	middle := (from + to) / 2
	return fmt.Sprintf(`CASE WHEN bucket < $%d THEN `, second+middle-1) + byHalves(from, middle, second) + ` ELSE ` + byHalves(middle, to, second) + ` END`
}

// empty are the intervals of the period without figures; the first may have begun
// before it. Days are calendar days, of 23 or 25 hours where the clock is moved.
func (every Interval) empty(p Period, zone *time.Location) []Point {
	var points []Point
	for at := every.floor(p.From, zone); at.Before(p.To); at = every.next(at) {
		points = append(points, Point{Start: at})
	}
	return points
}

func (every Interval) floor(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	day, hour := at.Day(), 0
	switch every {
	case Hour:
		hour = at.Hour()
	case Week:
		day -= (int(at.Weekday()) + 6) % 7
	case Month:
		day = 1
	}
	return calendar.Local(at.Year(), at.Month(), day, hour, 0, zone)
}

func (every Interval) next(at time.Time) time.Time {
	switch every {
	case Hour:
		return at.Add(time.Hour)
	case Week:
		return calendar.Day(at, 7)
	case Month:
		return calendar.Month(at, 1)
	}
	return calendar.Day(at, 1)
}

// Sparklines are the views of each target by day, for the small charts of a
// list. Targets without views are left out.
func Sparklines(ctx context.Context, r db.Reader, businessID, mode string, targets []string, days int, now time.Time, zone *time.Location) (map[string][]int64, error) {
	lines := make(map[string][]int64, len(targets))
	if len(targets) == 0 {
		return lines, nil
	}
	p := Days(days, now, zone)
	starts := Day.empty(p, zone)
	interval, arguments := intervalSQL(starts, []any{businessID, mode, db.At(p.From), db.At(p.To)})
	first := len(arguments) + 1
	for _, t := range targets {
		arguments = append(arguments, t)
	}
	var rows []struct {
		LinkID   string
		Interval int
		Views    int64
	}
	err := r.Select(ctx, &rows, `
		SELECT link_id, `+interval+` AS interval, CAST(SUM(views) AS BIGINT) AS views FROM link_rollups
		WHERE business_id = $1 AND mode = $2 AND bucket >= $3 AND bucket < $4 AND link_id IN (`+db.In(len(targets), first)+`)
		GROUP BY 1, 2`, arguments...)
	for _, row := range rows {
		line := lines[row.LinkID]
		if line == nil {
			line = make([]int64, len(starts))
			lines[row.LinkID] = line
		}
		line[row.Interval] += row.Views
	}
	return lines, err
}
