package visit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"smartlinks/internal/db"
)

// Counts are the figures of a link, in one mode. Money is in minor units of
// the link's currency.
type Counts struct {
	Views, Bots, Previews int64
	Payments              int64
	Revenue, Refunded     int64
	Lost                  int64 // taken back by payers' banks
}

func (c Counts) plus(o Counts) Counts {
	return Counts{c.Views + o.Views, c.Bots + o.Bots, c.Previews + o.Previews,
		c.Payments + o.Payments, c.Revenue + o.Revenue, c.Refunded + o.Refunded, c.Lost + o.Lost}
}

// one is what a view adds.
func (v View) one() Counts {
	switch v.Class {
	case Bot:
		return Counts{Bots: 1}
	case Preview:
		return Counts{Previews: 1}
	}
	return Counts{Views: 1}
}

// target is whose figures they are.
type target struct {
	id, mode, businessID string
}

// cell is one rollup: a target, a bucket, a channel.
type cell struct {
	target
	bucket  time.Time
	channel string
}

// count adds the views to totals and rollups, in an order that is the same in
// every process, so that two batches never wait for each other in a circle.
func count(ctx context.Context, tx *db.Tx, views []View) error {
	totals, cells := map[target]Counts{}, map[cell]Counts{}
	for _, v := range views {
		t := target{v.TargetID, v.Mode, v.BusinessID}
		c := cell{t, bucketOf(v.At), v.Channel}
		totals[t] = totals[t].plus(v.one())
		cells[c] = cells[c].plus(v.one())
	}
	for _, t := range sortedKeys(totals, compareTargets) {
		if err := addTotal(ctx, tx, t, totals[t]); err != nil {
			return err
		}
		tx.Notify("activity", t.id)
	}
	for _, c := range sortedKeys(cells, compareCells) {
		if err := addCell(ctx, tx, c, cells[c]); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[K comparable](m map[K]Counts, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}

func compareTargets(a, b target) int {
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.mode, b.mode))
}

func compareCells(a, b cell) int {
	return cmp.Or(compareTargets(a.target, b.target), a.bucket.Compare(b.bucket), cmp.Compare(a.channel, b.channel))
}

func addTotal(ctx context.Context, tx *db.Tx, t target, c Counts) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO link_totals (link_id, mode, business_id, views, bots, previews, payments, revenue_minor, refunded_minor, lost_minor)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (link_id, mode) DO UPDATE SET
			views = link_totals.views + excluded.views, bots = link_totals.bots + excluded.bots,
			previews = link_totals.previews + excluded.previews, payments = link_totals.payments + excluded.payments,
			revenue_minor = link_totals.revenue_minor + excluded.revenue_minor,
			refunded_minor = link_totals.refunded_minor + excluded.refunded_minor, lost_minor = link_totals.lost_minor + excluded.lost_minor`,
		t.id, t.mode, t.businessID, c.Views, c.Bots, c.Previews, c.Payments, c.Revenue, c.Refunded, c.Lost)
	if err != nil {
		return fmt.Errorf("add to totals: %w", err)
	}
	return nil
}

func addCell(ctx context.Context, tx *db.Tx, k cell, c Counts) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO link_rollups (link_id, mode, bucket, channel, business_id, views, bots, previews, payments, revenue_minor, refunded_minor, lost_minor)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (link_id, mode, bucket, channel) DO UPDATE SET
			views = link_rollups.views + excluded.views, bots = link_rollups.bots + excluded.bots,
			previews = link_rollups.previews + excluded.previews, payments = link_rollups.payments + excluded.payments,
			revenue_minor = link_rollups.revenue_minor + excluded.revenue_minor,
			refunded_minor = link_rollups.refunded_minor + excluded.refunded_minor, lost_minor = link_rollups.lost_minor + excluded.lost_minor`,
		k.id, k.mode, db.At(k.bucket), k.channel, k.businessID, c.Views, c.Bots, c.Previews, c.Payments, c.Revenue, c.Refunded, c.Lost)
	if err != nil {
		return fmt.Errorf("add to rollups: %w", err)
	}
	return nil
}
