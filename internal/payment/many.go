package payment

import (
	"cmp"
	"context"
	"slices"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// ids are those of attempts that one statement is about.
type ids []attempt.ID

func idsOf(payments []Payment) (all ids) {
	for _, p := range payments {
		all = append(all, p.ID)
	}
	return all
}

// in are placeholders for the ids behind arguments that are there. The last id is
// repeated up to a power of two, so that there are few statements to keep prepared.
func (all ids) in(arguments []any) (placeholders string, extended []any) {
	from, size := len(arguments)+1, powerOfTwo(len(all))
	for i := range size {
		arguments = append(arguments, all[min(i, len(all)-1)])
	}
	return db.In(size, from), arguments
}

// powerOfTwo is the first that is n or more.
func powerOfTwo(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}

// unique are the values of attempts that aren't empty, each once and in order: rows are
// locked in one order, so that two transactions never wait for each other in a circle.
func unique[T cmp.Ordered](attempts []attempt.Attempt, of func(attempt.Attempt) T) (values []T) {
	var none T
	for _, a := range attempts {
		if v := of(a); v != none {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// addAllToTimelines is addToTimeline for several attempts of a business.
func addAllToTimelines(ctx context.Context, tx *db.Tx, account provider.Account, all ids, state attempt.State, cause attempt.Cause, detail string) error {
	in, arguments := all.in([]any{account.Business, db.At(tx.Now()), cause, detail, state})
	return tx.Queue(ctx, db.Exec(nil, `
		INSERT INTO attempt_events (attempt_id, seq, business_id, at, state, cause, detail)
		SELECT a.id, COALESCE((SELECT MAX(e.seq) FROM attempt_events e WHERE e.attempt_id = a.id), 0) + 1, a.business_id, CAST($2 AS BIGINT), CAST($5 AS text), CAST($3 AS text), CAST($4 AS text)
		FROM attempts a WHERE a.business_id = $1 AND a.id IN (`+in+`)`, arguments...))
}
