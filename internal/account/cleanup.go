package account

import (
	"context"

	"smartlinks/internal/db"
)

// chunk bounds a clean-up transaction, so that payments never wait for it.
const chunk = 500

// DeleteExpired removes sessions that have ended and throttles whose window is
// over, and returns how many. It is for a periodic job.
func (a *Accounts) DeleteExpired(ctx context.Context) (deleted int64, err error) {
	for _, statement := range []string{
		`DELETE FROM sessions WHERE token IN (SELECT token FROM sessions WHERE expiry <= $1 LIMIT $2)`,
		`DELETE FROM throttles WHERE bucket IN (SELECT bucket FROM throttles WHERE window_until <= $1 LIMIT $2)`,
	} {
		for n := int64(chunk); n == chunk; deleted += n {
			err = a.db.InTx(ctx, func(tx *db.Tx) error {
				n, err = tx.Exec(ctx, statement, db.At(a.db.Clock().Wall()), chunk)
				return err
			})
			if err != nil {
				return deleted, err
			}
		}
	}
	return deleted, nil
}
