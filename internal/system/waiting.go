package system

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
)

// offers are those of the waiting lists, which are made after the payments.
type offers struct{ r *System }

func (o offers) Take(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, mode business.Mode, token string, attempt attempt.ID, units int64) (bool, error) {
	return o.r.Waiting.Take(ctx, tx, businessID, linkID, mode, token, attempt, units)
}

func (o offers) Pass(ctx context.Context, tx *db.Tx, from attempt.Attempt, to attempt.ID) error {
	return o.r.Waiting.Pass(ctx, tx, from, to)
}

func (o offers) Return(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	return o.r.Waiting.Return(ctx, tx, a)
}

func (o offers) Reclaim(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	return o.r.Waiting.Reclaim(ctx, tx, a)
}

func (o offers) Spend(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, mode business.Mode, email string, units int64) (bool, error) {
	return o.r.Waiting.Spend(ctx, tx, businessID, linkID, mode, email, units)
}

func (o offers) Keep(ctx context.Context, tx *db.Tx, a attempt.Attempt) (bool, error) {
	return o.r.Waiting.Keep(ctx, tx, a)
}

func (o offers) Postpone(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, mode business.Mode) error {
	return o.r.Waiting.Postpone(ctx, tx, businessID, linkID, mode)
}
