package texting

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/sms"
)

// smsClaim is an SMS that this process is to send now.
type smsClaim struct {
	ID          string
	BusinessID  business.ID
	Key         string
	Recipient   string
	Body        string
	Segments    int64
	Counted     bool
	ReportToken string
	Tries       int64 // this one included
	ClearTries  int64
	Refusals    int64 // tries that a gateway refused for certain
}

// doubtful reports whether an earlier try may have reached the gateway: its
// answer was lost, or the process that asked died.
func (c smsClaim) doubtful() bool { return c.Tries-1 > c.ClearTries }

// idempotencyKey is the message's id, and another one for each try that comes
// after a refusal: a gateway may give its answer to a key again for a day.
func (c smsClaim) idempotencyKey() string {
	if c.Refusals == 0 {
		return c.ID
	}
	return c.ID + "-" + strconv.FormatInt(c.Refusals, 10)
}

func (c smsClaim) primaryKey() []any { return []any{c.ID} }
func (c smsClaim) group() string     { return string(c.BusinessID) }

// withinCap keeps what is within the day's cap. What is over it fails in the
// transaction that claimed it.
func (m *Texts) withinCap(ctx context.Context, tx *db.Tx, claimed []smsClaim) (within []smsClaim, err error) {
	for _, c := range claimed {
		limit, fits, err := m.spend(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		if fits {
			within = append(within, c)
			continue
		}
		if err := m.overCap(ctx, tx, c, limit); err != nil {
			return nil, err
		}
	}
	return within, nil
}

// spend counts an SMS against the cap of its business and day, once for all its
// tries; the statement is the rule.
func (m *Texts) spend(ctx context.Context, tx *db.Tx, c smsClaim) (limit int64, fits bool, err error) {
	if c.Counted {
		return 0, true, nil
	}
	if limit, fits, err = spendSegments(ctx, tx, c.BusinessID, c.Segments); err != nil || !fits {
		return limit, fits, err
	}
	_, err = tx.Exec(ctx, `UPDATE texts SET counted = TRUE WHERE id = $1`, c.ID)
	return limit, true, err
}

func spendSegments(ctx context.Context, tx *db.Tx, businessID business.ID, segments int64) (limit int64, fits bool, err error) {
	s, err := readSMSSettings(ctx, tx, businessID)
	if err != nil || segments > s.DayCap {
		return s.DayCap, false, err
	}
	zone, err := business.Zone(ctx, tx, businessID)
	if err != nil {
		return s.DayCap, false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO texts_spent (business_id, day, segments) VALUES ($1, $2, $3)
		ON CONFLICT (business_id, day) DO UPDATE SET segments = texts_spent.segments + excluded.segments
		WHERE texts_spent.segments + excluded.segments <= $4`, businessID, tx.Now().In(zone).Format(time.DateOnly), segments, s.DayCap)
	return s.DayCap, n > 0, err
}

// overCap gives up an SMS that would cost too much.
func (m *Texts) overCap(ctx context.Context, tx *db.Tx, c smsClaim, limit int64) error {
	why := overCapReason(limit)
	n, err := tx.Exec(ctx, `UPDATE texts SET state = 'failed', reason = $2, due_at = NULL, updated_at = $3 WHERE id = $1`, c.ID, why, db.At(tx.Now()))
	return m.publish(ctx, tx, Step{BusinessID: c.BusinessID, Key: c.Key, State: sms.Failed, Reason: why}, n, err)
}

func overCapReason(limit int64) string {
	return fmt.Sprintf("The %d SMS segments that you allow for a day are used up. Raise the number in Settings, SMS, or send again tomorrow.", limit)
}
