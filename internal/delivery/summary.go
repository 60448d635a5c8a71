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
	All, Reminders                  int64 // those that were left out too
	Batches                         bool  // it was sent to several at once
}

// Sends is how many there are, without those that were left out.
func (s Summary) Sends() int64 { return s.Queued + s.Sent + s.Delivered + s.Failed }

// Summary counts a link's sends.
func (s *Deliveries) Summary(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID, mode business.Mode) (sum Summary, err error) {
	var rows []struct {
		Status    message.State
		Count     int64 `db:"n"`
		All       int64 `db:"every"`
		Reminders int64
	}
	err = from.Select(ctx, &rows, `SELECT status, COUNT(*) FILTER (WHERE skipped = '') AS n, COUNT(*) AS every, COUNT(*) FILTER (WHERE kind = 'reminder') AS reminders
		FROM sends WHERE business_id = $1 AND link_id = $2 AND mode = $3 GROUP BY status
		UNION ALL SELECT 'batches', COUNT(*), 0, 0 FROM (SELECT 1 AS one FROM send_batches WHERE business_id = $1 AND link_id = $2 AND mode = $3 LIMIT 1) AS b`, businessID, linkID, mode)
	for _, r := range rows {
		sum.All += r.All
		sum.Reminders += r.Reminders
		switch r.Status {
		case "batches":
			sum.Batches = r.Count > 0
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
	if err != nil || sum.Sends() == 0 {
		return sum, err
	}
	sum.Recipients, err = s.CountRecipients(ctx, from, businessID, linkID, mode)
	return sum, err
}
