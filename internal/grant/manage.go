package grant

import (
	"context"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// countedDays is over how many days calls are told.
const countedDays = 30

// List returns the grants of a business that are in force, the newest first: of everybody,
// or, with a member, of theirs alone.
func (g *Grants) List(ctx context.Context, businessID business.ID, of account.UserID) ([]Grant, error) {
	now := g.db.Clock().Now()
	var rows []row
	err := g.db.Select(ctx, &rows, `SELECT `+columns+`,
			(SELECT CAST(COALESCE(SUM(d.calls), 0) AS BIGINT) FROM grant_days d WHERE d.grant_id = g.id AND d.day > $3) AS calls
		FROM grants g JOIN members m ON m.business_id = g.business_id AND m.user_id = g.user_id AND m.created_at = g.joined_at
		JOIN users u ON u.id = g.user_id
		WHERE g.business_id = $1 AND g.revoked_at IS NULL AND (CAST($2 AS TEXT) = '' OR g.user_id = $2)
		AND EXISTS (SELECT 1 FROM grant_tokens t WHERE t.grant_id = g.id AND t.kind <> 'code' AND t.used_at IS NULL AND t.expires_at > $4)
		ORDER BY g.id DESC`, businessID, of, now.UnixMicro()/microDay-countedDays, db.At(g.db.Clock().Wall()))
	var all []Grant
	for _, r := range rows {
		all = append(all, r.grant())
	}
	return all, err
}

// Revoke takes a grant back at once. With a member it must be theirs. One that is not there
// is NotFound.
func (g *Grants) Revoke(ctx context.Context, businessID business.ID, id ID, of account.UserID) error {
	return g.db.InTx(ctx, func(tx *db.Tx) error {
		var there int
		if err := tx.Get(ctx, &there, `SELECT COUNT(*) FROM grants WHERE business_id = $1 AND id = $2 AND (CAST($3 AS TEXT) = '' OR user_id = $3)`, businessID, id, of); err != nil {
			return err
		}
		if there == 0 {
			return fault.New(fault.NotFound, "There is no such assistant.")
		}
		return end(ctx, tx, businessID, id)
	})
}

// RevokeToken takes back the grant whose token this is, as its program asks for when it is
// disconnected (RFC 7009). Unknown ones are none of anybody's business.
func (g *Grants) RevokeToken(ctx context.Context, plain string) error {
	return g.db.InTx(ctx, func(tx *db.Tx) error {
		var found []struct {
			BusinessID business.ID `db:"business_id"`
			GrantID    ID          `db:"grant_id"`
		}
		err := tx.Select(ctx, &found, `SELECT business_id, grant_id FROM grant_tokens WHERE hash = $1 AND kind <> $2`, secret.Hash(plain), code)
		for _, one := range found {
			if err := end(ctx, tx, one.BusinessID, one.GrantID); err != nil {
				return err
			}
		}
		return err
	})
}

// chunk is how many rows are removed at a time.
const chunk = 500

// DeleteOld removes what is of no use any more: expired tokens, counts of more than 400 days
// ago, and programs that registered themselves and were not allowed anything for a week.
func (g *Grants) DeleteOld(ctx context.Context) error {
	now := g.db.Clock().Wall()
	for _, s := range []struct {
		statement string
		before    any
	}{
		{`DELETE FROM grant_tokens WHERE hash IN (SELECT hash FROM grant_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, db.At(now)},
		{`DELETE FROM grant_days WHERE (grant_id, day) IN (SELECT grant_id, day FROM grant_days WHERE day < $1 LIMIT $2)`, now.UnixMicro()/microDay - 400},
		{`DELETE FROM oauth_clients WHERE id IN (SELECT c.id FROM oauth_clients c WHERE c.created_at < $1
			AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.client_id = c.id AND g.revoked_at IS NULL) LIMIT $2)`, db.At(now.AddDate(0, 0, -7))},
	} {
		if _, err := g.db.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) { return tx.Exec(ctx, s.statement, s.before, most) }); err != nil {
			return err
		}
	}
	return nil
}
