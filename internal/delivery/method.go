package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/visit"
)

// Method is what came of a link's messages of one kind by one channel.
type Method struct {
	Channel message.Channel
	Kind    Kind
	Sent    int64 // messages that a server or gateway took
	Opened  int64 // of them, by people
	Paid    int64 // of them; money that found no place and goes back does not count
}

// Conversion is paid ÷ sent; 0 when nothing was sent.
func (m Method) Conversion() visit.Percent { return visit.PercentOf(m.Paid, m.Sent) }

const methods = `
		SELECT d.channel, s.kind, COUNT(*) AS sent,
			COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM views v WHERE v.link_id = $2 AND v.recipient_token = d.token AND v.recipient_token <> '' AND v.class = 'human')) AS opened,
			COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM attempts a JOIN payments p ON p.id = a.id AND p.receipt IS NOT NULL
				WHERE a.link_id = $2 AND a.recipient_token = d.token AND a.recipient_token <> '')) AS paid
		FROM sends s JOIN deliveries d ON d.send_id = s.id
		WHERE s.business_id = $1 AND s.link_id = $2 AND s.mode = $3 AND d.status IN ('sent', 'delivered')
		GROUP BY d.channel, s.kind ORDER BY s.kind DESC, d.channel`

// Methods tells what came of a link's messages. A message counts as
// opened or paid once, however often it was. Its cost grows with the link's
// messages, not with its views.
func (s *Deliveries) Methods(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID, mode business.Mode) ([]Method, error) {
	var found []Method
	err := from.Select(ctx, &found, methods, businessID, linkID, mode)
	return found, err
}
