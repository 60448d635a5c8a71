package account

import (
	"context"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/secret"
)

// The limits of asking for a new password. An account's owner needs one mail,
// perhaps a second; more would be a way to fill somebody's inbox.
const (
	resetsPerAccount = 3
	resetsPerAddress = 20
	resetWindow      = time.Hour
)

// mailedLife is how long a link in a mail works: OWASP Forgot Password Cheat
// Sheet, short.
const mailedLife = time.Hour

// Reset is a link that lets a user choose a new password once.
type Reset struct {
	User  User
	Token string
	Until time.Time
}

// ForgotPassword calls send, inside the transaction that stores the link, when
// somebody has this e-mail address. The caller can't tell whether: answer and
// work are the same. Errors: TooMany from one network address.
func (a *Accounts) ForgotPassword(ctx context.Context, ip, email string, send func(ctx context.Context, tx *db.Tx, r Reset) error) error {
	folded := foldedAddress(email)
	retryAfter, ok, err := a.Allow(ctx, "forgot address "+secret.Hash(network(ip)), resetsPerAddress, resetWindow)
	if err != nil {
		return err
	}
	if !ok {
		return tooMany(retryAfter)
	}
	_, willing, err := a.Allow(ctx, "forgot account "+secret.Hash(folded), resetsPerAccount, resetWindow)
	if err != nil || !willing {
		return err // nobody learns that this address is asked for too often
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		known, err := userByEmail(ctx, tx, folded)
		unknown := errors.Is(err, db.ErrNoRows)
		if err != nil && !unknown {
			return err
		}
		// A link for nobody costs what one for somebody costs.
		r, err := a.storeReset(ctx, tx, known.user())
		if err != nil || unknown {
			return err
		}
		return send(ctx, tx, r)
	})
}

// ResetFor makes the link for an operator who hands it over by other means.
// Errors: NotFound.
func (a *Accounts) ResetFor(ctx context.Context, email string) (r Reset, err error) {
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		known, err := knownUser(ctx, tx, email)
		if err != nil {
			return err
		}
		if r, err = a.storeReset(ctx, tx, known.user()); err != nil {
			return err
		}
		return a.happened(ctx, tx, Event{User: r.User, What: "Made a link for a new password"})
	})
	return r, err
}

func (a *Accounts) storeReset(ctx context.Context, tx *db.Tx, u User) (Reset, error) {
	token, err := secret.Token(a.random)
	if err != nil {
		return Reset{}, err
	}
	now := a.db.Clock().Wall()
	r := Reset{User: u, Token: token, Until: now.Add(mailedLife)}
	_, err = tx.Exec(ctx, `INSERT INTO mailed_links (hash, kind, user_id, created_at, expires_at) VALUES ($1, 'password', $2, $3, $4)`,
		secret.Hash(token), u.ID, db.At(now), db.At(r.Until))
	return r, err
}

// ResetUser returns who may choose a new password by this token, without using
// it up. Errors: NotFound when it is wrong, used or expired.
func (a *Accounts) ResetUser(ctx context.Context, token string) (User, error) {
	var r userRow
	err := a.db.Get(ctx, &r, `SELECT `+userColumns+` FROM mailed_links l JOIN users u ON u.id = l.user_id
		WHERE l.hash = $1 AND l.kind = 'password' AND l.expires_at > $2`, secret.Hash(token), db.At(a.db.Clock().Wall()))
	if errors.Is(err, db.ErrNoRows) {
		return User{}, linkEnded()
	}
	return r.user(), err
}

// ResetPassword uses the token up and gives its user the new password. All
// their sessions and links end. Errors: NotFound, Invalid at "password".
func (a *Accounts) ResetPassword(ctx context.Context, token, password string) error {
	u, err := a.ResetUser(ctx, token)
	if err != nil {
		return err
	}
	hash, err := a.newPassword(ctx, u, password)
	if err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM mailed_links WHERE hash = $1 AND expires_at > $2`, secret.Hash(token), db.At(a.db.Clock().Wall()))
		if err != nil {
			return err
		}
		if n == 0 {
			return linkEnded()
		}
		return a.replacePassword(ctx, tx, u, hash, "")
	})
}

// SetPassword gives the user with this address a new password, for an
// operator. All their sessions and links end. Errors: NotFound, Invalid.
func (a *Accounts) SetPassword(ctx context.Context, email, password string) error {
	known, err := knownUser(ctx, a.db, email)
	if err != nil {
		return err
	}
	hash, err := a.newPassword(ctx, known.user(), password)
	if err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error { return a.replacePassword(ctx, tx, known.user(), hash, "") })
}

func knownUser(ctx context.Context, from db.Reader, email string) (userRow, error) {
	r, err := userByEmail(ctx, from, foldedAddress(email))
	if errors.Is(err, db.ErrNoRows) {
		return r, fault.New(fault.NotFound, "Nobody has the email address “"+strings.TrimSpace(email)+"”.")
	}
	return r, err
}

// foldedAddress is how an address is compared, also one that is none.
func foldedAddress(email string) string {
	if address, err := mailaddr.Parse(email); err == nil {
		return address.Folded
	}
	return strings.ToLower(strings.TrimSpace(email))
}

func linkEnded() error {
	return fault.New(fault.NotFound, "This link has been used or is too old. Ask for a new one.")
}
