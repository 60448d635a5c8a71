package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
)

// EraseCustomer forgets that anything was written to a customer, and writes nothing
// that still waits. The keys stay, so that nothing is written anew.
func (s *Messages) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	at := db.At(tx.Now())
	if c.Email != "" {
		_, err := tx.Exec(ctx, `
			UPDATE mails SET recipient = '', recipient_name = '', facts = '', reason = '', due_at = NULL, state = CASE WHEN state = 'queued' THEN 'failed' ELSE state END, updated_at = $3
			WHERE business_id = $1 AND LOWER(recipient) = LOWER($2)`, businessID, c.Email, at)
		if err != nil {
			return err
		}
	}
	if c.Phone == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `
		UPDATE texts SET recipient = '', body = '', reason = '', due_at = NULL, state = CASE WHEN state = 'queued' THEN 'failed' ELSE state END, updated_at = $3
		WHERE business_id = $1 AND recipient = $2`, businessID, c.Phone, at)
	return err
}

const (
	// knownFor is how long what was sent says to whom, in days.
	knownFor = 90
	// boxMost is how many messages the mailbox of test mode holds.
	boxMost = 1000
	// deleteChunk bounds a clean-up transaction, so that payments never wait for it.
	deleteChunk = 200
)

// DeleteOld removes from messages that were sent 90 days ago to whom they went, and all
// but the newest 1,000 from the mailbox of test mode. What servers said may hold the
// address, so it goes too. It is for a periodic job.
func (s *Messages) DeleteOld(ctx context.Context) error {
	for _, statement := range []string{
		`UPDATE mails SET recipient = '', recipient_name = '', facts = '', reason = '' WHERE id IN (SELECT id FROM mails
			WHERE state IN ('sent', 'failed') AND due_at IS NULL AND recipient <> '' AND updated_at < $1 ORDER BY updated_at LIMIT $2)`,
		`UPDATE texts SET recipient = '', body = '', reason = '' WHERE id IN (SELECT id FROM texts
			WHERE state IN ('sent', 'delivered', 'failed') AND due_at IS NULL AND recipient <> '' AND updated_at < $1 ORDER BY updated_at LIMIT $2)`,
	} {
		_, err := s.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
			return tx.Exec(ctx, statement, db.At(tx.Now().AddDate(0, 0, -knownFor)), most)
		})
		if err != nil {
			return err
		}
	}
	if err := s.forgetUnconfirmed(ctx); err != nil {
		return err
	}
	_, err := s.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM mailbox WHERE id IN (SELECT id FROM mailbox ORDER BY at DESC, id DESC LIMIT $2 OFFSET $1)`, boxMost, most)
	})
	return err
}
