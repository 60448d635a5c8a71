package delivery

import (
	"context"
	"errors"
	"strings"

	"smartlinks/internal/db"
	"smartlinks/internal/message"
)

// A step moves a delivery on. Reports may come twice and out of order, so none
// moves it back: only a new try begins anew what failed, and a mail that a server took
// may come back when its address ($8) is none. A new try has not gone out yet: the time of
// the one that failed would be told for it, and reminders would count from that.
const moveDelivery = `UPDATE deliveries SET status = $4, reason = $5, updated_at = $6,
		gateway_id = CASE WHEN $7 = '' THEN gateway_id ELSE $7 END,
		sent_at = CASE WHEN $4 IN ('sent', 'delivered') THEN COALESCE(sent_at, $6) WHEN $4 = 'queued' THEN NULL ELSE sent_at END,
		delivered_at = CASE WHEN $4 = 'delivered' THEN $6 WHEN $4 = 'queued' THEN NULL ELSE delivered_at END
	WHERE business_id = $1 AND id = $2 AND channel = $3 AND (
		$4 = 'queued' AND status IN ('queued', 'failed') OR $4 = 'sent' AND status = 'queued' OR
		$4 = 'delivered' AND status <> 'delivered' OR $4 = 'failed' AND (status IN ('queued', 'sent') OR $3 = 'email' AND $8 AND status = 'delivered'))
	RETURNING address`

// onChange reacts to what became of a message, in the transaction that writes it down.
func (s *Deliveries) onChange(ctx context.Context, tx *db.Tx, c message.Change) error {
	id := strings.TrimPrefix(c.Key, keyPrefix)
	// Two messages of one send may move at once: the first to come locks it.
	var before sendRow
	err := tx.Get(ctx, &before, `UPDATE sends SET status = status WHERE business_id = $1 AND
		id = (SELECT send_id FROM deliveries WHERE business_id = $1 AND id = $2) RETURNING `+returnedSend, c.BusinessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var address string
	err = tx.Get(ctx, &address, moveDelivery, c.BusinessID, id, c.Channel, c.State, c.Reason, db.At(tx.Now()), c.GatewayID, c.BadAddress)
	if errors.Is(err, db.ErrNoRows) {
		return nil // an old report
	}
	if err != nil {
		return err
	}
	if c.BadAddress && address != "" {
		if err := s.WriteOff(ctx, tx, c.BusinessID, Suppression{Channel: c.Channel, Address: address, Cause: CauseBounce, Reason: c.Reason}); err != nil {
			return err
		}
	}
	tx.Notify("activity", string(before.LinkID))
	return s.follow(ctx, tx, before, id)
}

func (s *Deliveries) publishStep(ctx context.Context, tx *db.Tx, sent Send, d Delivery) error {
	for _, do := range s.stepped {
		if err := do(ctx, tx, sent, d); err != nil {
			return err
		}
	}
	return nil
}

// follow gives a send the status of its deliveries, one of which has moved.
func (s *Deliveries) follow(ctx context.Context, tx *db.Tx, before sendRow, moved string) error {
	businessID := before.BusinessID
	sends, err := s.withDeliveries(ctx, tx, businessID, []sendRow{before})
	if err != nil {
		return err
	}
	now := sends[0]
	now.Status = statusOf(now.Deliveries)
	for _, d := range now.Deliveries {
		if d.ID != moved {
			continue
		}
		if err := s.publishStep(ctx, tx, now, d); err != nil {
			return err
		}
	}
	if now.Status == before.Status {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE sends SET status = $3 WHERE business_id = $1 AND id = $2`, businessID, now.ID, now.Status); err != nil {
		return err
	}
	for _, do := range s.moved {
		if err := do(ctx, tx, now); err != nil {
			return err
		}
	}
	return nil
}
