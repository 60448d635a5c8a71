package message

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/retry"
)

// Unsent is a mail that waits for another try, or failed.
type Unsent struct {
	ID        ID
	Kind      Kind
	To        string
	Reason    string
	Failed    bool // for good; else it is tried again
	CreatedAt time.Time
}

// UnsentMails are the business's mails that wait or failed, the newest first.
func (m *Messages) UnsentMails(ctx context.Context, businessID business.ID) ([]Unsent, error) {
	var found []struct {
		ID        ID
		Kind      Kind
		Recipient string
		Reason    string
		State     string
		CreatedAt db.Time
	}
	err := m.DB.Select(ctx, &found, `SELECT id, kind, recipient, reason, state, created_at FROM mails
		WHERE business_id = $1 AND reason <> '' AND facts <> '' ORDER BY id DESC LIMIT $2`, businessID, retry.MostShown)
	all := make([]Unsent, len(found))
	for i, f := range found {
		all[i] = Unsent{f.ID, f.Kind, f.Recipient, f.Reason, f.State == "failed", f.CreatedAt.Time}
	}
	return all, err
}

// RetryMails lets the business's mails that wait or failed begin anew, at once.
func (m *Messages) RetryMails(ctx context.Context, businessID business.ID) (n int64, err error) {
	err = m.DB.InTx(ctx, func(tx *db.Tx) error {
		var begun []struct {
			Key, Reason string
		}
		err := tx.Select(ctx, &begun, `UPDATE mails SET state = 'queued', tries = 0, due_at = $2, updated_at = $3
			WHERE business_id = $1 AND reason <> '' AND facts <> '' AND state IN ('queued', 'failed') RETURNING key, reason`,
			businessID, db.At(m.DB.Clock().Wall()), db.At(tx.Now()))
		if err != nil {
			return err
		}
		n = int64(len(begun))
		for _, mail := range begun {
			if err := m.changed(ctx, tx, Change{BusinessID: businessID, Channel: ByEmail, Key: mail.Key, State: Queued, Reason: mail.Reason}); err != nil {
				return err
			}
		}
		m.mails.Due(tx)
		return nil
	})
	return n, err
}

// release makes due what waits for its next try.
func (m *Messages) release(ctx context.Context, tx *db.Tx, businessID business.ID) error {
	now := db.At(m.DB.Clock().Wall())
	_, err := tx.Exec(ctx, `UPDATE mails SET due_at = $2 WHERE business_id = $1 AND state = 'queued' AND due_at > $2`, businessID, now)
	m.mails.Due(tx)
	return err
}
