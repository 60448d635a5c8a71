package delivery

import (
	"context"
	"fmt"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

// sendColumns are those of sendRow; sends is s, recipients is r.
const sendColumns = `s.id, s.business_id, s.link_id, s.recipient_id, s.mode, s.kind, s.number, s.message, s.status, s.at, s.skipped, s.skipped_channels, r.customer_id`

const sendTables = ` FROM sends s JOIN recipients r ON r.id = s.recipient_id`

// ByIDs returns the sends of these ids that exist, for lists that name them.
func (s *Deliveries) ByIDs(ctx context.Context, from db.Reader, businessID business.ID, ids []SendID) (map[SendID]Send, error) {
	found := map[SendID]Send{}
	if len(ids) == 0 {
		return found, nil
	}
	arguments := []any{businessID}
	for _, id := range ids {
		arguments = append(arguments, id)
	}
	var rows []sendRow
	err := from.Select(ctx, &rows, `SELECT `+sendColumns+sendTables+` WHERE s.business_id = $1 AND s.id IN (`+db.In(len(ids), 2)+`)`, arguments...)
	if err != nil {
		return nil, fmt.Errorf("read sends: %w", err)
	}
	sends, err := s.withDeliveries(ctx, from, businessID, rows)
	for _, sent := range sends {
		found[sent.ID] = sent
	}
	return found, err
}

// Latest returns the newest sends of each link, a few of each, newest first,
// without reminders that were skipped.
// Its cost does not grow with how many there are.
func (s *Deliveries) Latest(ctx context.Context, from db.Reader, businessID business.ID, mode business.Mode, each int, links []link.ID) (map[link.ID][]Send, error) {
	found := map[link.ID][]Send{}
	if len(links) == 0 {
		return found, nil
	}
	arguments, parts := []any{businessID, mode, each}, make([]string, len(links))
	for i, id := range links {
		arguments = append(arguments, id)
		parts[i] = fmt.Sprintf(`SELECT * FROM (SELECT %s%s WHERE s.business_id = $1 AND s.mode = $2 AND s.link_id = $%d AND s.skipped = '' ORDER BY s.id DESC LIMIT $3) AS l%d`,
			sendColumns, sendTables, i+4, i)
	}
	var rows []sendRow
	err := from.Select(ctx, &rows, strings.Join(parts, ` UNION ALL `)+` ORDER BY id DESC`, arguments...)
	if err != nil {
		return nil, fmt.Errorf("read the latest sends: %w", err)
	}
	sends, err := s.withDeliveries(ctx, from, businessID, rows)
	for _, sent := range sends {
		found[sent.LinkID] = append(found[sent.LinkID], sent)
	}
	return found, err
}
