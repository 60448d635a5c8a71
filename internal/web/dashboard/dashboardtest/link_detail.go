package dashboardtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/visit"
)

// Views records n openings by people of the link, a minute apart, ending now.
func (s *Site) Views(t testing.TB, b business.Business, l link.Link, n int) {
	t.Helper()
	ctx := context.Background()
	err := s.DB.InTx(ctx, func(tx *db.Tx) error {
		for i := range n {
			at := tx.Now().Add(-time.Duration(n-i) * time.Minute)
			_, err := tx.Exec(ctx, `
				INSERT INTO views (id, business_id, link_id, mode, at, class, reason, ip, browser, os, language, referrer,
					channel, channel_detail, campaign, recipient_token, visit_id)
				VALUES ($1, $2, $3, $4, $5, 'human', '', '203.0.113.xxx', $6, 'iOS', 'en', 'https://www.instagram.com/p/1', 'social', '', '', '', '')`,
				visit.IDAt(at), b.ID, l.ID, b.Mode, db.At(at), fmt.Sprintf("Safari %d", i))
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO link_totals (link_id, mode, business_id, views, bots, payments, revenue_minor, refunded_minor)
			VALUES ($1, $2, $3, $4, 2, 1, 8900, 1000)`, l.ID, b.Mode, b.ID, n)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO link_rollups (link_id, mode, bucket, channel, business_id, views, payments, revenue_minor)
			VALUES ($1, $2, $3, 'social', $4, $5, 1, 8900)`, l.ID, b.Mode, db.At(tx.Now().Truncate(15*time.Minute)), b.ID, n)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO link_facets (link_id, mode, facet, day, value, business_id, views, payments, revenue_minor)
			VALUES ($1, $2, 'channel', $3, 'social', $4, $5, 1, 8900)`, l.ID, b.Mode, visit.DayOf(tx.Now().In(b.Location())), b.ID, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
