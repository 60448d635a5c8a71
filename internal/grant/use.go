package grant

import (
	"context"
	"errors"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// IsToken reports whether a text is meant to be an access token of a grant.
func IsToken(plain string) bool { return strings.HasPrefix(plain, accessPrefix) }

// ByToken returns the grant that an access token is for, with the scopes that are in force:
// never more than the member's role has now. Whatever is unknown, expired, taken back, or
// of somebody who is no member any more, is Unauthenticated.
func (g *Grants) ByToken(ctx context.Context, plain string) (Grant, error) {
	var r struct {
		row
		Role account.Role
	}
	err := g.db.Get(ctx, &r, `SELECT `+columns+`, m.role, 0 AS calls
		FROM grant_tokens t JOIN grants g ON g.id = t.grant_id
		JOIN members m ON m.business_id = g.business_id AND m.user_id = g.user_id AND m.created_at = g.joined_at
		JOIN users u ON u.id = g.user_id
		WHERE t.hash = $1 AND t.kind = $2 AND t.expires_at > $3 AND g.revoked_at IS NULL`, secret.Hash(plain), access, db.At(g.db.Clock().Wall()))
	if errors.Is(err, db.ErrNoRows) {
		return Grant{}, fault.New(fault.Unauthenticated, "This access has expired or was taken back. Connect again.")
	}
	if err != nil {
		return Grant{}, err
	}
	found := r.grant()
	found.Scopes = Within(r.Role, found.Scopes)
	return found, nil
}

// microDay is a day in microseconds.
const microDay = 24 * 60 * 60 * 1_000_000

// Count notes that a tool was called.
func (g *Grants) Count(ctx context.Context, businessID business.ID, id ID) error {
	return g.db.InTx(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if _, err := tx.Exec(ctx, `UPDATE grants SET last_used_at = $3 WHERE business_id = $1 AND id = $2`, businessID, id, db.At(now)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO grant_days (business_id, grant_id, day, calls) VALUES ($1, $2, $3, 1)
			ON CONFLICT (grant_id, day) DO UPDATE SET calls = grant_days.calls + 1`, businessID, id, now.UnixMicro()/microDay)
		return err
	})
}

// columns are what is read of a grant g, of whose member u is the user.
const columns = `g.id, g.business_id, g.user_id, g.client_id, g.client_name, g.scopes, g.drafts, g.created_at, g.last_used_at, u.name AS member`

type row struct {
	ID         ID             `db:"id"`
	BusinessID business.ID    `db:"business_id"`
	UserID     account.UserID `db:"user_id"`
	Member     string
	ClientID   string `db:"client_id"`
	ClientName string `db:"client_name"`
	Scopes     string
	Drafts     bool
	CreatedAt  db.Time `db:"created_at"`
	LastUsedAt db.Time `db:"last_used_at"`
	Calls      int64
}

func (r row) grant() Grant {
	g := Grant{
		ID: r.ID, BusinessID: r.BusinessID, UserID: r.UserID, Member: r.Member, ClientID: r.ClientID, ClientName: r.ClientName, Drafts: r.Drafts,
		CreatedAt: r.CreatedAt.Time, LastUsedAt: r.LastUsedAt.Ptr(), Calls: r.Calls,
	}
	for s := range strings.FieldsSeq(r.Scopes) {
		g.Scopes = append(g.Scopes, account.Scope(s))
	}
	return g
}
