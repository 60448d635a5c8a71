package account

import (
	"context"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
	"smartlinks/internal/text"
)

// TokenID names an API token: "tok_…".
type TokenID string

// Token is what is known of an API token; the token itself was shown once.
type Token struct {
	ID         TokenID
	BusinessID business.ID
	Name       string
	Scopes     Scopes
	CreatedAt  time.Time
	MadeBy     UserID     // "" for the command line, or when nobody knows
	Maker      string     // their name, "" without one
	MakerLeft  bool       // is no member any more
	LastUsedAt *time.Time // to the minute; nil when never used
	RevokedAt  *time.Time
}

// tokenPrefix lets scanners of source code recognise our tokens.
const tokenPrefix = "sl_"

// CreateToken makes a token for programs of the business, for the command line, and
// returns it in plain, this once. What is wrong is an Invalid fault that names the
// fields.
func (a *Accounts) CreateToken(ctx context.Context, businessID business.ID, name string, scopes Scopes) (Token, string, error) {
	return a.CreateTokenBy(ctx, businessID, "", name, scopes)
}

// CreateTokenBy is CreateToken for a member, who must be an owner or admin: another
// error is Forbidden.
func (a *Accounts) CreateTokenBy(ctx context.Context, businessID business.ID, by UserID, name string, scopes Scopes) (Token, string, error) {
	var fields fault.Fields
	name = text.Rule{Most: 80, Required: true}.Clean("name", name, fields.Add)
	if err := scopes.check(); err != nil {
		fields = append(fields, fault.Of(err).Fields...)
	}
	if err := fields.Err(); err != nil {
		return Token{}, "", err
	}
	plain, err := secret.Token(a.random)
	if err != nil {
		return Token{}, "", err
	}
	plain = tokenPrefix + plain
	t := Token{BusinessID: businessID, Name: name, Scopes: scopes, MadeBy: by}
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		if by != "" {
			// Whoever removes or demotes them at this moment has seen their tokens.
			if err := lockTeam(ctx, tx, businessID); err != nil {
				return err
			}
			maker, err := memberIn(ctx, tx, businessID, by)
			if err != nil {
				return err
			}
			if !maker.Role.MayManage() {
				return notYours()
			}
			t.Maker = maker.Name
		}
		return insertToken(ctx, tx, &t, secret.Hash(plain))
	})
	if err != nil {
		return Token{}, "", err
	}
	return t, plain, nil
}

func insertToken(ctx context.Context, tx *db.Tx, t *Token, hash string) error {
	id, err := tx.NewID("tok")
	if err != nil {
		return err
	}
	t.ID, t.CreatedAt = TokenID(id), tx.Now()
	_, err = tx.Exec(ctx, `
		INSERT INTO api_tokens (id, business_id, name, hash, scopes, created_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.ID, t.BusinessID, t.Name, hash, t.Scopes.String(), db.At(t.CreatedAt), t.MadeBy)
	return err
}

// usedEvery bounds the writes that using a token causes.
const usedEvery = time.Minute

// TokenByPlain returns the token that a program sent, and notes its use at most
// once a minute. Whatever is unknown or revoked is Unauthenticated.
func (a *Accounts) TokenByPlain(ctx context.Context, plain string) (Token, error) {
	refused := fault.New(fault.Unauthenticated, "This API token is unknown or was revoked. Make another and send it as “Authorization: Bearer TOKEN”.")
	if !strings.HasPrefix(plain, tokenPrefix) {
		return Token{}, refused
	}
	var r tokenRow
	err := a.db.Get(ctx, &r, `
		SELECT `+tokenColumns+` WHERE t.hash = $1 AND t.revoked_at IS NULL`, secret.Hash(plain))
	if errors.Is(err, db.ErrNoRows) {
		return Token{}, refused
	}
	if err != nil {
		return Token{}, err
	}
	if now := a.db.Clock().Now(); now.Sub(r.LastUsedAt.Time) >= usedEvery {
		if err := a.recordUse(ctx, r.ID, now); err != nil {
			return Token{}, err
		}
		r.LastUsedAt = db.At(now)
	}
	return r.token(), nil
}

func (a *Accounts) recordUse(ctx context.Context, id TokenID, now time.Time) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE api_tokens SET last_used_at = $2
			WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)`, id, db.At(now), db.At(now.Add(-usedEvery)))
		return err
	})
}

// Tokens returns the business's tokens, the newest first, revoked ones too.
func (a *Accounts) Tokens(ctx context.Context, businessID business.ID) ([]Token, error) {
	return a.tokens(ctx, `t.business_id = $1`, businessID)
}

func (a *Accounts) tokens(ctx context.Context, condition string, arguments ...any) ([]Token, error) {
	var rows []tokenRow
	err := a.db.Select(ctx, &rows, `SELECT `+tokenColumns+` WHERE `+condition+` ORDER BY t.id DESC`, arguments...)
	if err != nil {
		return nil, err
	}
	list := make([]Token, len(rows))
	for i, r := range rows {
		list[i] = r.token()
	}
	return list, nil
}

// RevokeToken ends a token at once. One that is revoked already stays so.
func (a *Accounts) RevokeToken(ctx context.Context, businessID business.ID, id TokenID) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `
			UPDATE api_tokens SET revoked_at = COALESCE(revoked_at, $3) WHERE business_id = $1 AND id = $2`,
			businessID, id, db.At(tx.Now()))
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "There is no such API token.")
		}
		return err
	})
}

// tokenColumns are what is read of a token t, with who made it.
const tokenColumns = `t.id, t.business_id, t.name, t.scopes, t.created_at, t.made_by, t.last_used_at, t.revoked_at,
	COALESCE(u.name, '') AS maker, u.id IS NOT NULL AND m.user_id IS NULL AS maker_left
	FROM api_tokens t LEFT JOIN users u ON u.id = t.made_by LEFT JOIN members m ON m.business_id = t.business_id AND m.user_id = t.made_by`

type tokenRow struct {
	ID         TokenID     `db:"id"`
	BusinessID business.ID `db:"business_id"`
	Name       string      `db:"name"`
	Scopes     string      `db:"scopes"`
	CreatedAt  db.Time     `db:"created_at"`
	MadeBy     UserID      `db:"made_by"`
	Maker      string      `db:"maker"`
	MakerLeft  bool        `db:"maker_left"`
	LastUsedAt db.Time     `db:"last_used_at"`
	RevokedAt  db.Time     `db:"revoked_at"`
}

func (r tokenRow) token() Token {
	t := Token{
		ID: r.ID, BusinessID: r.BusinessID, Name: r.Name, CreatedAt: r.CreatedAt.Time,
		MadeBy: r.MadeBy, Maker: r.Maker, MakerLeft: r.MakerLeft, LastUsedAt: r.LastUsedAt.Ptr(), RevokedAt: r.RevokedAt.Ptr(),
	}
	for scope := range strings.FieldsSeq(r.Scopes) {
		t.Scopes = append(t.Scopes, Scope(scope))
	}
	return t
}
