package history

import (
	"context"

	"smartlinks/internal/business"
)

// What makes up the attention queue; partial indexes hold exactly these rows.
const (
	reviews        = `FROM attempts WHERE business_id = $1 AND mode = $2 AND state = 'review' AND looked_at IS NULL`
	stuckRefunds   = `FROM payments WHERE business_id = $1 AND mode = $2 AND status = 'refund_failed'`
	doubles        = `FROM attempts a WHERE a.business_id = $1 AND a.mode = $2 AND ` + isDouble
	openDisputes   = `FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE d.business_id = $1 AND p.mode = $2 AND d.state = 'open'`
	attentionLimit = `100`
)

// AttentionIDs selects the attention queue of the business $1 in the mode $2:
// attempts that could not be decided, money that could not be given back, payments that
// were probably made twice, and disputes to be answered.
const AttentionIDs = `SELECT id ` + reviews + ` UNION SELECT id ` + stuckRefunds + ` UNION SELECT a.id ` + doubles + ` UNION SELECT d.payment_id ` + openDisputes

// NeedingAttention is the attention queue, the newest first, at most 100.
func (r *Reader) NeedingAttention(ctx context.Context, businessID business.ID, mode business.Mode) ([]View, error) {
	var rows []viewRow
	err := r.db.Select(ctx, &rows, `SELECT `+ViewColumns+ViewTables+`
		WHERE a.business_id = $1 AND a.mode = $2 AND a.id IN (`+AttentionIDs+`)
		ORDER BY a.id DESC LIMIT `+attentionLimit, businessID, mode)
	views := make([]View, len(rows))
	for i, r := range rows {
		views[i] = r.view()
	}
	return views, err
}
