package account

import (
	"context"
	"time"

	"smartlinks/internal/db"
)

// chunk bounds a clean-up transaction, so that payments never wait for it.
const chunk = 500

// DeleteExpired removes sessions and links that have ended and throttles whose
// window is over, and returns how many. It is for a periodic job.
func (a *Accounts) DeleteExpired(ctx context.Context) (deleted int64, err error) {
	now := a.db.Clock().Wall()
	for _, old := range []struct {
		statement string
		before    time.Time
	}{
		{`DELETE FROM sessions WHERE token IN (SELECT token FROM sessions WHERE expiry <= $1 LIMIT $2)`, now},
		{`DELETE FROM throttles WHERE bucket IN (SELECT bucket FROM throttles WHERE window_until <= $1 LIMIT $2)`, now},
		{`DELETE FROM mailed_links WHERE hash IN (SELECT hash FROM mailed_links WHERE expires_at <= $1 LIMIT $2)`, now},
		{`DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE seen_at <= $1 LIMIT $2)`, now.Add(-sessionIdle - seenEvery)},
		{`DELETE FROM trusted_browsers WHERE (hash, user_id) IN (SELECT hash, user_id FROM trusted_browsers WHERE seen_at <= $1 LIMIT $2)`, now.Add(-trustLife)},
		{`DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE expires_at <= $1 LIMIT $2)`, now.Add(-inviteKept)},
	} {
		n, err := a.db.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) {
			return tx.Exec(ctx, old.statement, db.At(old.before), most)
		})
		if deleted += n; err != nil {
			return deleted, err
		}
	}
	return deleted, nil
}
