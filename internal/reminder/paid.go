package reminder

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
)

// theirs narrows attempts a to those that are the recipient r's: of a one-time link any,
// else those that came by the recipient's own link, are the customer's, or carry the
// customer's address. What a stranger pays of a link that others can pay too is nobody's
// reminder. What was before the recipient got the link is somebody else's.
const theirs = ` a.business_id = r.business_id AND a.link_id = r.link_id AND a.mode = r.mode AND a.created_at >= r.created_at AND (
		EXISTS (SELECT 1 FROM links o WHERE o.business_id = r.business_id AND o.id = r.link_id AND o.limit_kind = 'once')
		OR a.recipient_token <> '' AND EXISTS (SELECT 1 FROM deliveries d JOIN sends s ON s.id = d.send_id WHERE d.token = a.recipient_token AND s.recipient_id = r.id)
		OR EXISTS (SELECT 1 FROM customers c WHERE c.id = r.customer_id
			AND (c.email_folded <> '' AND c.email_folded = a.payer_email_folded OR EXISTS (SELECT 1 FROM payments own WHERE own.id = a.id AND own.customer_id = c.id))))`

// hasPaid and isPaying ask it of a recipient r.
const (
	hasPaid  = `EXISTS (SELECT 1 FROM attempts a JOIN payments p ON p.id = a.id AND p.receipt IS NOT NULL WHERE` + theirs + `)`
	isPaying = `EXISTS (SELECT 1 FROM attempts a WHERE a.state IN (` + attempt.UndecidedSQL + `) AND` + theirs + `)`
)

// paid reports whether the recipient has paid.
func (s *Reminders) paid(ctx context.Context, tx *db.Tx, r planRow) (is bool, err error) {
	err = tx.Get(ctx, &is, `SELECT EXISTS (SELECT 1 FROM recipients r WHERE r.business_id = $1 AND r.id = $2 AND `+hasPaid+`)`, r.BusinessID, r.RecipientID)
	return is, err
}

// whoPaid is the payment that completed the plan: the name that was typed when
// paying, and when; zero when it is not known any more.
func (s *Reminders) whoPaid(ctx context.Context, from db.Reader, r planRow) (name string, at time.Time, err error) {
	var row struct {
		Name   string
		PaidAt db.Time
	}
	err = from.Get(ctx, &row, `SELECT COALESCE(NULLIF(a.payer_name, ''), a.payer_email) AS name, p.paid_at
		FROM recipients r JOIN attempts a ON`+theirs+` JOIN payments p ON p.id = a.id AND p.receipt IS NOT NULL
		WHERE r.business_id = $1 AND r.id = $2 ORDER BY p.paid_at LIMIT 1`, r.BusinessID, r.RecipientID)
	if errors.Is(err, db.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return row.Name, row.PaidAt.Time, err
}

// paying reports whether the recipient is paying now, or money is on its way.
func (s *Reminders) paying(ctx context.Context, tx *db.Tx, r planRow) (is bool, err error) {
	err = tx.Get(ctx, &is, `SELECT EXISTS (SELECT 1 FROM recipients r WHERE r.business_id = $1 AND r.id = $2 AND `+isPaying+`)`, r.BusinessID, r.RecipientID)
	return is, err
}

// Reminded is the condition that a link has reminders that are not over; links is l, and
// $2 the mode.
const Reminded = `EXISTS (SELECT 1 FROM reminder_plans o WHERE o.business_id = l.business_id AND o.link_id = l.id AND o.mode = $2 AND o.state <> 'complete')`

// Paid ends the reminders of who paid, takes back those that have not left yet,
// and ends all others when the link takes no more.
func (s *Reminders) Paid(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	if p.LinkID == "" {
		return nil
	}
	var ids []delivery.RecipientID
	// Plans are locked in one order, so that two payments never wait in a circle.
	err := tx.Select(ctx, &ids, `SELECT recipient_id FROM reminder_plans WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state <> 'complete' ORDER BY recipient_id`,
		p.BusinessID, p.LinkID, p.Mode)
	if err != nil || len(ids) == 0 {
		return err
	}
	full, err := isFull(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := lockPlan(ctx, tx, p.BusinessID, id)
		if err != nil {
			return err
		}
		done, err := s.paid(ctx, tx, r)
		switch {
		case err != nil:
			return err
		case done:
			r.stop(Complete, "")
		case full && (r.State == Active || r.State == Paused):
			r.stop(Stopped, LinkClosed)
		default:
			continue
		}
		if err := s.Deliveries.Withdraw(ctx, tx, p.BusinessID, id, "It was not needed any more."); err != nil {
			return err
		}
		if err := r.store(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// isFull reports whether a link has all its payments.
func isFull(ctx context.Context, tx *db.Tx, p payment.Payment) (full bool, err error) {
	err = tx.Get(ctx, &full, `SELECT EXISTS (SELECT 1 FROM link_slots s WHERE s.business_id = $1 AND s.link_id = $2 AND s.mode = $3 AND `+link.FullSQL+`)`,
		p.BusinessID, p.LinkID, p.Mode)
	return full, err
}
