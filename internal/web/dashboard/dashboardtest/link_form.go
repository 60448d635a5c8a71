package dashboardtest

import (
	"context"
	"maps"
	"net/url"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

func With(form url.Values, pairs ...string) url.Values {
	changed := maps.Clone(form)
	for i := 0; i < len(pairs); i += 2 {
		changed[pairs[i]] = []string{pairs[i+1]}
	}
	return changed
}

func (s *Site) LinkCount(t testing.TB, b business.Business) (n int) {
	t.Helper()
	if err := s.DB.Get(context.Background(), &n, `SELECT COUNT(*) FROM links WHERE business_id = $1 AND deleted_at IS NULL`, b.ID); err != nil {
		t.Fatal(err)
	}
	return n
}

// Paid puts one payment of the link into the books.
func (s *Site) Paid(t testing.TB, b business.Business, l link.Link) {
	t.Helper()
	ctx := context.Background()
	err := s.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO attempts (id, business_id, source, link_id, version, title, amount_minor, currency, mode, provider, provider_ref,
				state, holds_slot, hold_until, payer_name, payer_email, payer_email_folded, channel, created_at, updated_at)
			VALUES ('pay_1', $1, 'link', $2, 1, 'Workshop', 8900, 'EUR', $3, 'sandbox', 'ref', 'paid', FALSE, 0, 'Léa Moreau',
				'lea@example.fr', 'lea@example.fr', 'direct', $4, $4)`, b.ID, l.ID, b.Mode, db.At(tx.Now()))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO payments (id, business_id, link_id, mode, provider, provider_ref, status, currency, captured_minor, receipt, paid_at)
			VALUES ('pay_1', $1, $2, $3, 'sandbox', 'ref', 'accepted', 'EUR', 8900, 'TEST-2026-00001', $4)`, b.ID, l.ID, b.Mode, db.At(tx.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
