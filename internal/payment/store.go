package payment

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// addAllToTimelines is addToTimeline for several attempts of a business.
func addAllToTimelines(ctx context.Context, tx *db.Tx, account provider.Account, all ids, state attempt.State, cause attempt.Cause, detail string) error {
	in, arguments := all.in([]any{account.Business, db.At(tx.Now()), cause, detail, state})
	return tx.Queue(ctx, db.Exec(nil, `
		INSERT INTO attempt_events (attempt_id, seq, business_id, at, state, cause, detail)
		SELECT a.id, COALESCE((SELECT MAX(e.seq) FROM attempt_events e WHERE e.attempt_id = a.id), 0) + 1, a.business_id, CAST($2 AS BIGINT), CAST($5 AS text), CAST($3 AS text), CAST($4 AS text)
		FROM attempts a WHERE a.business_id = $1 AND a.id IN (`+in+`)`, arguments...))
}
