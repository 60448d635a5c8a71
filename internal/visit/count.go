package visit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"smartlinks/internal/db"
)

// Counts are the figures of a link, in one mode. Money is in minor units of
// the link's currency.
type Counts struct {
	Views    int64 // of people
	Visitors int64 // people, each once a day
	Bots     int64
	Previews int64
	Own      int64 // openings by the business's own members
	Attempts int64 // tries to pay
	Payments int64
	Revenue  int64
	Refunded int64
	Lost     int64 // taken back by payers' banks
	// What of payments and revenue members recorded by hand: no visit led to it.
	ByHand, HandRevenue int64
}

// Plus adds the figures.
func (c Counts) Plus(o Counts) Counts {
	return Counts{
		c.Views + o.Views, c.Visitors + o.Visitors, c.Bots + o.Bots, c.Previews + o.Previews, c.Own + o.Own, c.Attempts + o.Attempts,
		c.Payments + o.Payments, c.Revenue + o.Revenue, c.Refunded + o.Refunded, c.Lost + o.Lost, c.ByHand + o.ByHand, c.HandRevenue + o.HandRevenue,
	}
}

// one is what a view adds.
func (v *View) one() Counts {
	switch v.Class {
	case Bot:
		return Counts{Bots: 1}
	case Preview:
		return Counts{Previews: 1}
	case Own:
		return Counts{Own: 1}
	}
	return Counts{Views: 1}
}

// target is whose figures they are.
type target struct {
	id, mode, businessID string
}

// rollupKey is one rollup: a target, a bucket, a channel.
type rollupKey struct {
	target
	bucket  time.Time
	channel string
}

// tally is what is to be added, each row once.
type tally struct {
	totals       map[target]Counts
	rollups      map[rollupKey]Counts
	facets       map[facetKey]Counts
	businessDays map[businessDay]Counts
}

func newTally() tally {
	return tally{map[target]Counts{}, map[rollupKey]Counts{}, map[facetKey]Counts{}, map[businessDay]Counts{}}
}

// tallyOf counts the views. A visitor in fresh counts with the first of its
// views.
func tallyOf(views []View, fresh map[int64]bool, s *valueBound) tally {
	t, alike := newTally(), map[visits]Counts{}
	for i := range views {
		v := &views[i]
		c := v.one()
		if c.Views > 0 && fresh[v.Visitor] {
			c.Visitors = 1
			delete(fresh, v.Visitor)
		}
		at := rollupKey{target{v.TargetID, v.Mode, v.BusinessID}, bucketOf(v.At), v.Channel}
		t.record(at, c)
		if c.Views > 0 {
			t.addToBusiness(businessDay{v.BusinessID, v.Mode, v.Day, ofViews}, Counts{Views: c.Views})
			of := visits{at.target, v.Day, v.traits()}
			alike[of] = alike[of].Plus(c)
		}
	}
	for of, c := range alike {
		t.split(of.target, of.day, of.traits.named(), c, s)
	}
	return t
}

// visits are those of a day that are alike in all that figures are split by: most
// of a busy link's are.
type visits struct {
	target
	day int64
	traits
}

func (t tally) record(at rollupKey, c Counts) {
	t.totals[at.target] = t.totals[at.target].Plus(c)
	t.rollups[at] = t.rollups[at].Plus(c)
}

// split adds to the facets; without top values their values are not bounded.
func (t tally) split(at target, day int64, of traits, c Counts, s *valueBound) {
	for _, property := range of.all() {
		row := facetKey{at, day, property}
		if s != nil {
			row = s.limit(row)
		}
		t.facets[row] = t.facets[row].Plus(c)
	}
}

// add writes the rows in an order that is the same in every process, so that two
// transactions never wait for each other in a circle.
func (t tally) add(ctx context.Context, tx *db.Tx) error {
	var all []*db.Statement
	for _, k := range slices.SortedFunc(maps.Keys(t.totals), compareTargets) {
		all = append(all, addTotal(k, t.totals[k]))
		if c := t.totals[k]; c.ByHand != 0 {
			all = append(all, db.Exec(nil, `UPDATE link_totals SET by_hand = by_hand + $4, by_hand_minor = by_hand_minor + $5 WHERE link_id = $1 AND mode = $2 AND business_id = $3`,
				k.id, k.mode, k.businessID, c.ByHand, c.HandRevenue))
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(t.rollups), compareRollupKeys) {
		all = append(all, addRollup(k, t.rollups[k]))
	}
	all = append(all, addFacets(slices.SortedFunc(maps.Keys(t.facets), compareFacetKeys), t.facets)...)
	for _, k := range slices.SortedFunc(maps.Keys(t.businessDays), compareBusinessDays) {
		all = append(all, addBusinessDay(k, t.businessDays[k]))
		if c := t.businessDays[k]; c.ByHand != 0 {
			all = append(all, db.Exec(nil, `UPDATE business_days SET by_hand = by_hand + $5, by_hand_minor = by_hand_minor + $6 WHERE business_id = $1 AND mode = $2 AND day = $3 AND currency = $4`,
				k.businessID, k.mode, k.day, k.currency, c.ByHand, c.HandRevenue))
		}
		tx.Notify("figures", k.businessID) // whoever looks at them
	}
	return tx.Queue(ctx, all...)
}

// notify tells who looks at the figures.
func (t tally) notify(tx *db.Tx) {
	for k := range t.totals {
		tx.Notify("activity", k.id)
	}
}

func compareTargets(a, b target) int {
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.mode, b.mode))
}

func compareRollupKeys(a, b rollupKey) int {
	return cmp.Or(compareTargets(a.target, b.target), a.bucket.Compare(b.bucket), cmp.Compare(a.channel, b.channel))
}

func (c Counts) arguments() []any {
	return []any{c.Views, c.Visitors, c.Bots, c.Previews, c.Own, c.Attempts, c.Payments, c.Revenue, c.Refunded, c.Lost}
}

// The columns of Counts, as they are inserted, and added to.
const (
	countColumns = `views, visitors, bots, previews, own, attempts, payments, revenue_minor, refunded_minor, lost_minor`
	addTotals    = `INSERT INTO link_totals (link_id, mode, business_id, ` + countColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (link_id, mode) DO UPDATE SET
			views = link_totals.views + excluded.views, visitors = link_totals.visitors + excluded.visitors,
			bots = link_totals.bots + excluded.bots, previews = link_totals.previews + excluded.previews,
			own = link_totals.own + excluded.own, attempts = link_totals.attempts + excluded.attempts,
			payments = link_totals.payments + excluded.payments, revenue_minor = link_totals.revenue_minor + excluded.revenue_minor,
			refunded_minor = link_totals.refunded_minor + excluded.refunded_minor, lost_minor = link_totals.lost_minor + excluded.lost_minor`
	addRollups = `INSERT INTO link_rollups (link_id, mode, bucket, channel, business_id, ` + countColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (link_id, mode, bucket, channel) DO UPDATE SET
			views = link_rollups.views + excluded.views, visitors = link_rollups.visitors + excluded.visitors,
			bots = link_rollups.bots + excluded.bots, previews = link_rollups.previews + excluded.previews,
			own = link_rollups.own + excluded.own, attempts = link_rollups.attempts + excluded.attempts,
			payments = link_rollups.payments + excluded.payments, revenue_minor = link_rollups.revenue_minor + excluded.revenue_minor,
			refunded_minor = link_rollups.refunded_minor + excluded.refunded_minor, lost_minor = link_rollups.lost_minor + excluded.lost_minor`
)

func addTotal(k target, c Counts) *db.Statement {
	return db.Exec(nil, addTotals, append([]any{k.id, k.mode, k.businessID}, c.arguments()...)...)
}

func addRollup(k rollupKey, c Counts) *db.Statement {
	return db.Exec(nil, addRollups, append([]any{k.id, k.mode, db.At(k.bucket), k.channel, k.businessID}, c.arguments()...)...)
}
