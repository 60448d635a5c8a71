package history

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
)

// KeptSQL are payments whose money is kept.
const KeptSQL = `k.receipt IS NOT NULL AND k.refunded_minor < k.captured_minor`

// isDouble is true of attempts a that were paid beside what their payer began again, while
// the money of both is kept and nobody has looked.
const isDouble = `a.double_of <> '' AND a.looked_at IS NULL AND (SELECT COUNT(*) FROM payments k WHERE k.id IN (a.id, a.double_of) AND ` + KeptSQL + `) = 2`

// Double is the other payment of a payer who probably paid twice, "" where nobody did, one
// of both was given back, or somebody has looked.
func (r *Reader) Double(ctx context.Context, businessID business.ID, id attempt.ID) (other attempt.ID, err error) {
	err = r.db.Get(ctx, &other, `SELECT CASE WHEN a.id = $2 THEN a.double_of ELSE a.id END FROM attempts a
		WHERE a.business_id = $1 AND (a.id = $2 OR a.double_of = $2) AND `+isDouble+` ORDER BY a.id LIMIT 1`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return other, err
}
