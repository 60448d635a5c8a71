package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/secret"
)

// Visitor is where somebody who wants to sign in comes from.
type Visitor struct {
	IP      string // whole; it is neither stored nor logged
	Browser string // token of a browser that was trusted before, "" for none
}

// trustLife is how long a browser is trusted behind the last sign-in, and
// mostTrusted how many of them one user has.
const (
	trustLife   = 180 * 24 * time.Hour
	mostTrusted = 20
)

// TrustLife is how long a browser keeps its token.
func TrustLife() time.Duration { return trustLife }

// Trust remembers that the user has signed in with a browser, and returns its token:
// the one that it showed, when anybody has signed in with that, or a new one. It opens
// nothing; it parts the browser's wrong passwords from those of strangers (OWASP,
// Slow Down Online Guessing Attacks with Device Cookies).
func (a *Accounts) Trust(ctx context.Context, userID UserID, shown string) (token string, err error) {
	now := a.db.Clock().Wall()
	token = shown
	var known bool
	if err := a.db.Get(ctx, &known, `SELECT EXISTS (SELECT 1 FROM trusted_browsers WHERE hash = $1)`, secret.Hash(shown)); err != nil {
		return "", err
	}
	if !known {
		if token, err = secret.Token(a.random); err != nil {
			return "", err
		}
	}
	return token, a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO trusted_browsers (hash, user_id, seen_at) VALUES ($1, $2, $3)
			ON CONFLICT (hash, user_id) DO UPDATE SET seen_at = excluded.seen_at`, secret.Hash(token), userID, db.At(now))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM trusted_browsers WHERE user_id = $1 AND hash NOT IN (
			SELECT hash FROM trusted_browsers WHERE user_id = $1 ORDER BY seen_at DESC, hash LIMIT $2)`, userID, mostTrusted)
		return err
	})
}

// trusts tells whether the user with the address has signed in with the browser.
func (a *Accounts) trusts(ctx context.Context, token, folded string) (trusted bool, err error) {
	if token == "" {
		return false, nil
	}
	err = a.db.Get(ctx, &trusted, `SELECT TRUE FROM trusted_browsers b JOIN users u ON u.id = b.user_id
		WHERE b.hash = $1 AND u.email_folded = $2 AND b.seen_at > $3`, secret.Hash(token), folded, db.At(a.db.Clock().Wall().Add(-trustLife)))
	if errors.Is(err, db.ErrNoRows) {
		return false, nil
	}
	return trusted, err
}
