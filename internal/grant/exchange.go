package grant

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// The prefixes of tokens let scanners of source code recognise them.
const (
	accessPrefix  = "slo_"
	refreshPrefix = "slr_"
)

// Tokens are what a program uses a grant by.
type Tokens struct {
	Access, Refresh string
	Scopes          account.Scopes
}

// ended is the answer to a code or token that is not good: what exactly is wrong with it
// is nobody's business.
func ended() error {
	return fault.New(fault.Unauthenticated, "This was used before, has expired or was taken back. Connect again.")
}

// presented is a code or refresh token with the grant behind it.
type presented struct {
	BusinessID  business.ID `db:"business_id"`
	GrantID     ID          `db:"grant_id"`
	RedirectURI string      `db:"redirect_uri"`
	Challenge   string
	UsedAt      db.Time `db:"used_at"`
	ClientID    string  `db:"client_id"`
	Scopes      string
}

// ExchangeCode gives tokens for a code, once, to the program that asked for it and has the
// verifier (RFC 7636). Another's, an old one and a used one are Unauthenticated. A code that
// comes a second time was stolen by one of both: what the first got ends too (RFC 6749, 4.1.2).
func (g *Grants) ExchangeCode(ctx context.Context, plain, clientID, redirectURI, verifier string) (Tokens, error) {
	return g.exchange(ctx, plain, code, func(p presented) bool {
		return p.ClientID == clientID && p.RedirectURI == redirectURI && subtle.ConstantTimeCompare([]byte(p.Challenge), []byte(challengeOf(verifier))) == 1
	})
}

// Refresh gives new tokens for a refresh token, which is good for once: a second use ends
// the grant, because one of both is a thief (RFC 9700, 4.14.2).
func (g *Grants) Refresh(ctx context.Context, plain, clientID string) (Tokens, error) {
	return g.exchange(ctx, plain, refresh, func(p presented) bool { return p.ClientID == clientID })
}

func (g *Grants) exchange(ctx context.Context, plain, kind string, fits func(presented) bool) (made Tokens, err error) {
	made.Access, made.Refresh, err = g.newTokens()
	if err != nil {
		return Tokens{}, err
	}
	good := false
	err = g.db.InTx(ctx, func(tx *db.Tx) error {
		good = false
		now := g.db.Clock().Wall()
		var p presented
		err := tx.Get(ctx, &p, `SELECT t.business_id, t.grant_id, t.redirect_uri, t.challenge, t.used_at, g.client_id, g.scopes
			FROM grant_tokens t JOIN grants g ON g.id = t.grant_id
			JOIN members m ON m.business_id = g.business_id AND m.user_id = g.user_id AND m.created_at = g.joined_at
			WHERE t.hash = $1 AND t.kind = $2 AND t.expires_at > $3 AND g.revoked_at IS NULL`, secret.Hash(plain), kind, db.At(now))
		if errors.Is(err, db.ErrNoRows) {
			return nil
		}
		if err != nil || !fits(p) {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE grant_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL`, secret.Hash(plain), db.At(now))
		if err != nil {
			return err
		}
		if n == 0 {
			return end(ctx, tx, p.BusinessID, p.GrantID)
		}
		for _, t := range []struct {
			plain, kind string
			life        time.Duration
		}{{made.Access, access, AccessLife}, {made.Refresh, refresh, refreshLife}} {
			if _, err := tx.Exec(ctx, `INSERT INTO grant_tokens (hash, business_id, grant_id, kind, expires_at) VALUES ($1, $2, $3, $4, $5)`,
				secret.Hash(t.plain), p.BusinessID, p.GrantID, t.kind, db.At(now.Add(t.life))); err != nil {
				return err
			}
		}
		made.Scopes, err = account.ParseScopes(p.Scopes)
		good = err == nil
		return err
	})
	if err == nil && !good {
		err = ended()
	}
	if err != nil {
		return Tokens{}, err
	}
	return made, nil
}

func (g *Grants) newTokens() (forAccess, forRefresh string, err error) {
	if forAccess, err = secret.Token(g.db.Random()); err != nil {
		return "", "", err
	}
	forRefresh, err = secret.Token(g.db.Random())
	return accessPrefix + forAccess, refreshPrefix + forRefresh, err
}

// end takes a grant back, and with it all that it is used by.
func end(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) error {
	if _, err := tx.Exec(ctx, `UPDATE grants SET revoked_at = COALESCE(revoked_at, $3) WHERE business_id = $1 AND id = $2`, businessID, id, db.At(tx.Now())); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM grant_tokens WHERE business_id = $1 AND grant_id = $2`, businessID, id)
	return err
}
