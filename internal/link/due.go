package link

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// checkDue refuses what is no day, and a day on which nobody can pay yet or any more. Dates
// that stay as they were before are not compared: in another zone of the business their days
// may be others, and the link can be switched off all the same.
func checkDue(ctx context.Context, r db.Reader, before, l *Link, wrong *fault.Fields) error {
	if l.DueOn == "" {
		return nil
	}
	if at, ok := calendar.ParseDay(l.DueOn, time.UTC); !ok || at.Format(time.DateOnly) != l.DueOn {
		wrong.Add("due_on", "due_on.day", "Write the day like 2026-12-31, or leave it out.")
		return nil
	}
	if before != nil && l.DueOn == before.DueOn && sameTime(l.StartsAt, before.StartsAt) && sameTime(l.EndsAt, before.EndsAt) || l.StartsAt == nil && l.EndsAt == nil {
		return nil
	}
	zone, err := business.Zone(ctx, r, l.BusinessID)
	if err != nil {
		return err
	}
	due, _ := l.Due(zone)
	switch {
	case l.StartsAt != nil && !due.AddDate(0, 0, 1).After(*l.StartsAt):
		wrong.Add("due_on", "due_on.order", "Choose a due date on which the link can be paid: it begins later.")
	case l.HasEnded(due):
		wrong.Add("due_on", "due_on.order", "Choose a due date on which the link can be paid: it has closed by then.")
	}
	return nil
}

func sameTime(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}

// Due is the start of the day by which the link wants to be paid, in the zone; false
// without one.
func (l Link) Due(zone *time.Location) (time.Time, bool) {
	if l.DueOn == "" {
		return time.Time{}, false
	}
	return calendar.ParseDay(l.DueOn, zone)
}

// today is the day that it is in the business's zone, as due dates are written.
func (s *Links) today(b business.Business) string {
	return s.db.Clock().Now().In(b.Location()).Format(time.DateOnly)
}

// overdueSQL is true of a link l with its slots s that wants to be paid since before today:
// it takes payments, and not all to whom it was sent have paid; of one that was sent to
// nobody, a one-time link that nobody has paid. Who paid counts as for reminders. The
// arguments of these numbers are the mode and today.
func overdueSQL(mode, today int) string {
	return fmt.Sprintf(`(l.due_on IS NOT NULL AND l.due_on < $%[2]d AND l.active AND l.deleted_at IS NULL AND NOT `+FullSQL+` AND CASE
		WHEN EXISTS (SELECT 1 FROM recipients r WHERE r.business_id = l.business_id AND r.link_id = l.id AND r.mode = $%[1]d) THEN
			EXISTS (SELECT 1 FROM recipients r WHERE r.business_id = l.business_id AND r.link_id = l.id AND r.mode = $%[1]d AND NOT EXISTS (
				SELECT 1 FROM payments paid JOIN attempts a ON a.id = paid.id
				WHERE paid.business_id = l.business_id AND paid.link_id = l.id AND paid.mode = $%[1]d AND paid.receipt IS NOT NULL AND a.created_at >= r.created_at AND (
					l.limit_kind = 'once' OR paid.customer_id = r.customer_id
					OR a.payer_email_folded <> '' AND EXISTS (SELECT 1 FROM customers c WHERE c.id = r.customer_id AND c.email_folded = a.payer_email_folded)
					OR a.recipient_token <> '' AND EXISTS (SELECT 1 FROM deliveries d JOIN sends w ON w.id = d.send_id WHERE d.token = a.recipient_token AND w.recipient_id = r.id))))
		ELSE l.limit_kind = 'once' END)`, mode, today)
}

// Overdue tells which of the links are overdue now.
func (s *Links) Overdue(ctx context.Context, from db.Reader, b business.Business, links ...Link) (map[ID]bool, error) {
	found, today := map[ID]bool{}, s.today(b)
	arguments := []any{b.ID, b.Mode, today}
	for _, l := range links {
		if l.DueOn != "" && l.DueOn < today {
			arguments = append(arguments, l.ID)
		}
	}
	n := len(arguments) - 3
	if n == 0 {
		return found, nil
	}
	var ids []ID
	err := from.Select(ctx, &ids, `SELECT l.id FROM links l JOIN link_slots s ON s.link_id = l.id AND s.mode = $2
		WHERE l.business_id = $1 AND l.id IN (`+db.In(n, 4)+`) AND `+overdueSQL(2, 3), arguments...)
	if err != nil {
		return nil, fmt.Errorf("find overdue links: %w", err)
	}
	for _, id := range ids {
		found[id] = true
	}
	return found, nil
}

// CountOverdue is how many of the business's links are overdue now.
func (s *Links) CountOverdue(ctx context.Context, b business.Business) (n int64, err error) {
	err = s.db.Get(ctx, &n, `SELECT COUNT(*) FROM links l JOIN link_slots s ON s.link_id = l.id AND s.mode = $2
		WHERE l.business_id = $1 AND `+overdueSQL(2, 3), b.ID, b.Mode, s.today(b))
	return n, err
}

// overdueNoticeDays is for how many days behind its due date it is told that a link has become
// overdue: one that was sent to somebody later is overdue from then on.
const overdueNoticeDays = 60

// NotifyOverdue tells whoever hears of changes of the links that have become overdue, once
// for each due date. It is for a periodic job.
func (s *Links) NotifyOverdue(ctx context.Context, businesses *business.Businesses) error {
	now := s.db.Clock().Now()
	var ids []business.ID
	// A day begins up to a day earlier elsewhere.
	if err := s.db.Select(ctx, &ids, `SELECT DISTINCT business_id FROM links WHERE due_on IS NOT NULL AND deleted_at IS NULL AND due_on > $1 AND due_on <= $2 AND overdue_told <> due_on`,
		now.AddDate(0, 0, -overdueNoticeDays).Format(time.DateOnly), now.AddDate(0, 0, 1).Format(time.DateOnly)); err != nil {
		return fmt.Errorf("find links that were due: %w", err)
	}
	for _, id := range ids {
		b, err := businesses.ByID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.notifyOverdueOf(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (s *Links) notifyOverdueOf(ctx context.Context, b business.Business) error {
	var due []ID
	err := s.db.Select(ctx, &due, `SELECT l.id FROM links l JOIN link_slots s ON s.link_id = l.id AND s.mode = $2
		WHERE l.business_id = $1 AND l.overdue_told <> l.due_on AND l.due_on > $4 AND `+overdueSQL(2, 3)+` ORDER BY l.id`,
		b.ID, b.Mode, s.today(b), s.db.Clock().Now().AddDate(0, 0, -overdueNoticeDays).Format(time.DateOnly))
	if err != nil {
		return fmt.Errorf("find overdue links: %w", err)
	}
	for _, id := range due {
		if err := s.db.InTx(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE links SET overdue_told = due_on WHERE business_id = $1 AND id = $2 AND overdue_told <> due_on`, b.ID, id)
			if err != nil || n == 0 {
				return err
			}
			l, err := get(ctx, tx, b, id)
			if err != nil {
				return err
			}
			return s.notify(ctx, tx, b, BecameOverdue, l)
		}); err != nil {
			return err
		}
	}
	return nil
}
