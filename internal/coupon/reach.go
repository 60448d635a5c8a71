package coupon

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// Reach is for what a business has codes, so that pages ask for one only where one may
// count.
type Reach struct {
	Business business.ID
	spans    []span
}

// span is something that codes are for, until the last of them ends.
type span struct {
	Everywhere     bool
	Kind, TargetID string
	Currency       money.Currency // of an amount that is taken off
	Ends           db.Time        // of the last; none: it doesn't end
}

// ReachOf reads for what a business has codes that have not ended.
func (s *Coupons) ReachOf(ctx context.Context, businessID business.ID) (Reach, error) {
	r := Reach{Business: businessID}
	err := s.db.Select(ctx, &r.spans, `SELECT o.everywhere, COALESCE(t.kind, '') AS kind, COALESCE(t.target_id, '') AS target_id, o.currency,
			CASE WHEN COUNT(*) = COUNT(c.ends_at) THEN MAX(c.ends_at) END AS ends
		FROM promotion_codes c JOIN coupons o ON o.id = c.coupon_id LEFT JOIN coupon_targets t ON t.coupon_id = o.id
		WHERE c.business_id = $1 AND c.deleted_at IS NULL AND o.deleted_at IS NULL AND (c.ends_at IS NULL OR c.ends_at > $2) AND (o.everywhere OR t.kind IS NOT NULL)
		GROUP BY o.everywhere, t.kind, t.target_id, o.currency`, businessID, db.At(s.db.Clock().Now()))
	return r, err
}

// Covers reports whether a code may count for a link, which may be nil, a product, "" for
// none, and a currency.
func (r Reach) Covers(l *link.Link, sold product.ID, c money.Currency, now time.Time) bool {
	for _, s := range r.spans {
		if !s.Ends.IsZero() && !now.Before(s.Ends.Time) || s.Currency != "" && s.Currency != c {
			continue
		}
		switch {
		case s.Everywhere, s.Kind == "product" && s.TargetID == string(sold), s.Kind == "link" && l != nil && s.TargetID == string(l.ID):
			return true
		case s.Kind == "tag" && l != nil:
			for _, t := range l.Tags {
				if string(t.ID) == s.TargetID {
					return true
				}
			}
		}
	}
	return false
}
