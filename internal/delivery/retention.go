package delivery

import (
	"context"

	"smartlinks/internal/db"
)

const (
	// knownFor is how long a delivery says to which address it went, in days.
	knownFor = 90
	// deleteChunk bounds a clean-up transaction, so that payments never wait for it.
	deleteChunk = 200
)

// DeleteOld removes the addresses of deliveries that ended 90 days ago, with what servers
// said about them. Who was written to stays, as a customer. It is for a periodic job.
func (s *Deliveries) DeleteOld(ctx context.Context) error {
	_, err := s.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `UPDATE deliveries SET address = '', reason = '' WHERE id IN (SELECT id FROM deliveries
			WHERE address <> '' AND status <> 'queued' AND updated_at < $1 ORDER BY updated_at LIMIT $2)`, db.At(tx.Now().AddDate(0, 0, -knownFor)), most)
	})
	return err
}
