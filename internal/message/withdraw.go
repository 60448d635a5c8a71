package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Withdraw takes back a message that waits, and says why. What it told is
// forgotten, that of one that failed too, so that nobody tries it again. One
// that is being handed over, or was, is left alone.
func (m *Messages) Withdraw(ctx context.Context, tx *db.Tx, businessID business.ID, c Channel, key, why string) error {
	if c == BySMS {
		return m.WithdrawSMS(ctx, tx, businessID, key, why)
	}
	n, err := tx.Exec(ctx, `UPDATE mails SET state = 'failed', reason = $3, facts = '', due_at = NULL, updated_at = $4
		WHERE business_id = $1 AND key = $2 AND state = 'queued'`, businessID, key, why, db.At(tx.Now()))
	if err := m.publish(ctx, tx, Change{BusinessID: businessID, Channel: c, Key: key, State: Failed, Reason: why}, n, err); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE mails SET facts = '' WHERE business_id = $1 AND key = $2 AND state = 'failed'`, businessID, key)
	return err
}
