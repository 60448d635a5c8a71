package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// CancelMail gives a mail up that still waits, for good; why says so to people.
// What it told is forgotten, so nobody tries it again. One that
// is being handed over, or was, is not called back.
func (m *Messages) CancelMail(ctx context.Context, tx *db.Tx, businessID business.ID, key, why string) error {
	n, err := tx.Exec(ctx, `UPDATE mails SET state = 'failed', reason = $3, facts = '', due_at = NULL, updated_at = $4
		WHERE business_id = $1 AND key = $2 AND state = 'queued'`, businessID, key, why, db.At(tx.Now()))
	return m.tell(ctx, tx, Change{BusinessID: businessID, Channel: ByEmail, Key: key, State: Failed, Reason: why}, n, err)
}
