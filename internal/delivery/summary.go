package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// Summary counts what became of a link's sends, reminders included.
type Summary struct {
	Recipients                      int64
	Queued, Sent, Delivered, Failed int64 // sends by their status
}

// Sends is how many there are.
func (s Summary) Sends() int64 { return s.Queued + s.Sent + s.Delivered + s.Failed }

// Summary counts a link's sends.
func (s *Deliveries) Summary(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID, mode business.Mode) (sum Summary, err error) {
	var rows []struct {
		Status message.State
		Count  int64 `db:"n"`
	}
	err = from.Select(ctx, &rows, `SELECT status, COUNT(*) AS n FROM sends WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND skipped = '' GROUP BY status`, businessID, linkID, mode)
	if err != nil || len(rows) == 0 {
		return sum, err
	}
	for _, r := range rows {
		switch r.Status {
		case message.Queued:
			sum.Queued = r.Count
		case message.Sent:
			sum.Sent = r.Count
		case message.Delivered:
			sum.Delivered = r.Count
		case message.Failed:
			sum.Failed = r.Count
		}
	}
	sum.Recipients, err = s.CountRecipients(ctx, from, businessID, linkID, mode)
	return sum, err
}

// Count is how many sends a link has, and how many of them are reminders.
func (s *Deliveries) Count(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID, mode business.Mode) (all, reminders int64, err error) {
	var n struct{ Sends, Reminders int64 }
	err = from.Get(ctx, &n, `SELECT COUNT(*) AS sends, COUNT(*) FILTER (WHERE kind = 'reminder') AS reminders FROM sends WHERE business_id = $1 AND link_id = $2 AND mode = $3`,
		businessID, linkID, mode)
	return n.Sends, n.Reminders, err
}
