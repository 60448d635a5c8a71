package business

import (
	"context"
	"time"

	"smartlinks/internal/db"
)

// LocationTx is the business's time zone, read inside the caller's transaction.
func (s *Businesses) LocationTx(ctx context.Context, tx *db.Tx, id ID) (*time.Location, error) {
	var b Business
	if err := tx.Get(ctx, &b.TimeZone, `SELECT time_zone FROM businesses WHERE id = $1`, id); err != nil {
		return nil, orMissing(err)
	}
	return b.Location(), nil
}
