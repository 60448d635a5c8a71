package texting

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/retry"
)

// Unsent is a text message that did not arrive.
type Unsent struct {
	ID     string
	To     string // E.164
	Reason string
	Failed bool // for good; else it is tried again
	// Again says that RetrySMS sends it. It does not what a gateway had
	// taken: its words are forgotten, and to send anew is the merchant's choice.
	Again     bool
	CreatedAt time.Time
}

// tryable holds for texts that can begin anew: their words are kept, and their
// number is not written off meanwhile.
const tryable = `body <> '' AND NOT EXISTS (SELECT 1 FROM suppressions s
	WHERE s.business_id = texts.business_id AND s.channel = 'sms' AND s.address = texts.recipient)`

// UnsentSMS are the business's text messages that wait or failed, the newest
// first. Those that were taken back are none.
func (m *Texts) UnsentSMS(ctx context.Context, businessID business.ID) ([]Unsent, error) {
	var found []struct {
		ID, Recipient, Reason, State string
		Again                        bool
		CreatedAt                    db.Time
	}
	err := m.DB.Select(ctx, &found, `SELECT id, recipient, reason, state, `+tryable+` AS again, created_at FROM texts
		WHERE business_id = $1 AND reason <> '' AND (body <> '' OR gateway_id <> '') AND state IN ('queued', 'failed')
		ORDER BY id DESC LIMIT $2`, businessID, retry.MostShown)
	all := make([]Unsent, len(found))
	for i, f := range found {
		all[i] = Unsent{f.ID, f.Recipient, f.Reason, f.State == "failed", f.Again, f.CreatedAt.Time}
	}
	return all, err
}

// RetrySMS lets the business's text messages that wait or failed begin
// anew, at once. Where an answer was lost the gateway is still asked first.
func (m *Texts) RetrySMS(ctx context.Context, businessID business.ID) (n int64, err error) {
	err = m.DB.InTx(ctx, func(tx *db.Tx) error {
		var begun []struct{ Key, Reason string }
		err := tx.Select(ctx, &begun, `UPDATE texts SET state = 'queued', due_at = $2, updated_at = $3,
				tries = CASE WHEN tries > clear_tries THEN 1 ELSE 0 END, clear_tries = 0
			WHERE business_id = $1 AND reason <> '' AND state IN ('queued', 'failed') AND `+tryable+` RETURNING key, reason`,
			businessID, db.At(m.DB.Clock().Wall()), db.At(tx.Now()))
		if err != nil {
			return err
		}
		n = int64(len(begun))
		for _, t := range begun {
			if err := m.Tell(ctx, tx, Step{BusinessID: businessID, Key: t.Key, State: Queued, Reason: t.Reason}); err != nil {
				return err
			}
		}
		m.work.Due(tx)
		return nil
	})
	return n, err
}
