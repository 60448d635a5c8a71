package reminder

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/message"
)

// onSend reacts to a send that was written: its recipient gets a plan when the link
// reminds.
func (s *Reminders) onSend(ctx context.Context, tx *db.Tx, b business.Business, sent delivery.Send) error {
	if sent.Kind != delivery.KindSend {
		return nil
	}
	settings, err := s.Settings(ctx, tx, b.ID, sent.LinkID)
	if err != nil || settings == nil {
		return err
	}
	var channels []message.Channel
	for _, d := range sent.Deliveries {
		channels = append(channels, d.Channel)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO reminder_plans (recipient_id, business_id, link_id, mode, channels, state, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, 'active', $6, $6)
		ON CONFLICT (recipient_id) DO UPDATE SET channels = excluded.channels,
			state = CASE WHEN reminder_plans.reason = $7 THEN 'active' ELSE reminder_plans.state END,
			reason = CASE WHEN reminder_plans.reason = $7 THEN '' ELSE reminder_plans.reason END, updated_at = excluded.updated_at`,
		sent.RecipientID, b.ID, sent.LinkID, sent.Mode, joinChannels(channels), db.At(tx.Now()), NoWay)
	return err
}

// onZone reacts to another time zone: the days of the business begin at other moments. Each
// plan that waits falls due, and finds when it is due now, or that this has passed and is made
// up for.
func (s *Reminders) onZone(ctx context.Context, tx *db.Tx, businessID business.ID) error {
	now := db.At(tx.Now())
	_, err := tx.Exec(ctx, `UPDATE reminder_plans SET due_at = $2, updated_at = $2 WHERE business_id = $1 AND state = 'active' AND due_at > $2`, businessID, now)
	s.plans.DueAt(tx, now.Time)
	return err
}

// onStatus reacts: a send went out: from that moment reminders count.
func (s *Reminders) onStatus(ctx context.Context, tx *db.Tx, sent delivery.Send) error {
	if sent.Kind != delivery.KindSend || sent.Status != message.Sent && sent.Status != message.Delivered {
		return nil
	}
	r, err := lockPlan(ctx, tx, sent.BusinessID, sent.RecipientID)
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil || r.State != Active && r.State != Paused {
		return err
	}
	settings, err := s.Settings(ctx, tx, sent.BusinessID, sent.LinkID)
	if err != nil || settings == nil {
		return err
	}
	zone, err := business.Zone(ctx, tx, sent.BusinessID)
	if err != nil {
		return err
	}
	at := firstSent(sent)
	if at.IsZero() || !at.After(r.AnchorAt.Time) {
		return nil
	}
	r.AnchorAt, r.Occurrence = db.At(at), 0
	r.next(*settings, zone, tx.Now())
	return r.store(ctx, tx)
}

// onOptOut reacts: an address wants no more messages: plans that have no way
// left end at once, and what they had coming with them.
func (s *Reminders) onOptOut(ctx context.Context, tx *db.Tx, o delivery.OptOut) error {
	if len(o.Recipients) == 0 {
		return nil
	}
	b, err := s.Businesses.ByIDTx(ctx, tx, o.BusinessID)
	if err != nil {
		return err
	}
	for _, id := range o.Recipients {
		r, err := lockPlan(ctx, tx, o.BusinessID, id)
		if errors.Is(err, db.ErrNoRows) || err == nil && r.State != Active && r.State != Paused {
			continue
		}
		if err != nil {
			return err
		}
		ways, err := s.ways(ctx, tx, b, r, parseChannels(r.Channels))
		if err != nil {
			return err
		}
		if len(ways) > 0 {
			continue
		}
		r.stop(Stopped, NoWay)
		if err := r.store(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// onJoin reacts: two recipients are one customer: the plan of the one that
// stays goes on, or else that of the other.
func (s *Reminders) onJoin(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone delivery.RecipientID) error {
	if _, err := tx.Exec(ctx, `UPDATE reminder_plans SET recipient_id = $2 WHERE business_id = $1 AND recipient_id = $3
		AND NOT EXISTS (SELECT 1 FROM reminder_plans k WHERE k.recipient_id = $2)`, businessID, keep, gone); err != nil {
		return err
	}
	// One of them having paid is enough.
	if _, err := tx.Exec(ctx, `UPDATE reminder_plans SET state = 'complete', due_at = NULL WHERE business_id = $1 AND recipient_id = $2
		AND EXISTS (SELECT 1 FROM reminder_plans g WHERE g.recipient_id = $3 AND g.state = 'complete')`, businessID, keep, gone); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM reminder_plans WHERE business_id = $1 AND recipient_id = $2`, businessID, gone)
	return err
}

// firstSent is when the first message of a send went out, zero when none did.
func firstSent(sent delivery.Send) (at time.Time) {
	for _, d := range sent.Deliveries {
		if d.SentAt != nil && (at.IsZero() || d.SentAt.Before(at)) {
			at = *d.SentAt
		}
	}
	return at
}
