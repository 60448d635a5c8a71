package link

import (
	"context"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// checkDomain accepts a proven domain of the business.
func checkDomain(ctx context.Context, r db.Reader, l *Link, wrong *fault.Fields) error {
	if l.Domain = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(l.Domain)), "."); l.Domain == "" {
		return nil
	}
	var there bool
	err := r.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM domains WHERE business_id = $1 AND host = $2 AND proven_at IS NOT NULL AND removed_at IS NULL)`, l.BusinessID, l.Domain)
	if err == nil && !there {
		wrong.Add("domain", "domain.unproven", "Choose one of your domains that is proven, or leave this out.")
	}
	return err
}

// DropDomain takes a domain from the links of the business, in the transaction in which
// the business gives it up: they are at the one for new links from then on.
func (s *Links) DropDomain(ctx context.Context, tx *db.Tx, id business.ID, host string) error {
	var of []ID
	if err := tx.Select(ctx, &of, `UPDATE links SET domain = '', version = version + 1 WHERE business_id = $1 AND domain = $2 RETURNING id`, id, host); err != nil {
		return err
	}
	for _, one := range of {
		tx.Notify("link", string(one))
	}
	return nil
}
