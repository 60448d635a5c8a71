package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/secret"
)

// NewAddress is a link that gives a user another e-mail address once.
type NewAddress struct {
	User  User
	Email string // the new one; the link goes there
	Token string
	Until time.Time
}

// newAddresses bounds the mails that one user sends to addresses of others.
const newAddresses = 5

// AskNewAddress lets a user who knows their password have another address, once
// whoever reads mail there agrees. send is called inside the transaction.
// Whether somebody has that address already is told only there. Errors: Invalid
// at "email" and "current_password", TooMany.
func (a *Accounts) AskNewAddress(ctx context.Context, userID UserID, password, email string, send func(ctx context.Context, tx *db.Tx, n NewAddress) error) error {
	var fields fault.Fields
	address, err := mailaddr.Parse(email)
	if refusal := (*mailaddr.Refusal)(nil); errors.As(err, &refusal) {
		fields.Add("email", refusal.Code, refusal.Message)
		return fields.Err()
	}
	u, err := a.Confirm(ctx, userID, password)
	if err != nil {
		return err
	}
	return a.mailNewAddress(ctx, u, address, send)
}

// SendNewAddressAgain mails another link to the address that waits for its confirmation; the
// one before ends. Errors: NotFound where none waits, TooMany.
func (a *Accounts) SendNewAddressAgain(ctx context.Context, u User, send func(ctx context.Context, tx *db.Tx, n NewAddress) error) error {
	n, waits, err := a.WaitingAddress(ctx, u)
	if err != nil {
		return err
	}
	if !waits {
		return fault.New(fault.NotFound, "No new address waits any more: it was confirmed or cancelled, or the link has expired.")
	}
	address, err := mailaddr.Parse(n.Email)
	if err != nil {
		return err
	}
	return a.mailNewAddress(ctx, u, address, send)
}

// WaitingAddress is the address that a user asked for and nobody has confirmed yet; false for
// none. It has no token: nobody knows that but the mail.
func (a *Accounts) WaitingAddress(ctx context.Context, u User) (n NewAddress, waits bool, err error) {
	var r struct {
		Email     string  `db:"email"`
		ExpiresAt db.Time `db:"expires_at"`
	}
	err = a.db.Get(ctx, &r, `SELECT email, expires_at FROM mailed_links WHERE user_id = $1 AND kind = 'email' AND expires_at > $2`, u.ID, db.At(a.db.Clock().Wall()))
	if errors.Is(err, db.ErrNoRows) {
		return NewAddress{}, false, nil
	}
	return NewAddress{User: u, Email: r.Email, Until: r.ExpiresAt.Time}, err == nil, err
}

// CancelNewAddress ends the link to an address that was asked for. The address stays as it is.
func (a *Accounts) CancelNewAddress(ctx context.Context, userID UserID) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error { return endNewAddress(ctx, tx, userID) })
}

func endNewAddress(ctx context.Context, tx *db.Tx, userID UserID) error {
	_, err := tx.Exec(ctx, `DELETE FROM mailed_links WHERE user_id = $1 AND kind = 'email'`, userID)
	return err
}

func (a *Accounts) mailNewAddress(ctx context.Context, u User, address mailaddr.Address, send func(ctx context.Context, tx *db.Tx, n NewAddress) error) error {
	retryAfter, ok, err := a.Allow(ctx, "new address of "+string(u.ID), newAddresses, resetWindow)
	if err != nil {
		return err
	}
	if !ok {
		return tooMany(retryAfter)
	}
	token, err := secret.Token(a.random)
	if err != nil {
		return err
	}
	now := a.db.Clock().Wall()
	n := NewAddress{User: u, Email: address.Typed, Token: token, Until: now.Add(mailedLife)}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		// Only the last address asked for can be confirmed.
		if err := endNewAddress(ctx, tx, u.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO mailed_links (hash, kind, user_id, email, email_folded, created_at, expires_at)
			VALUES ($1, 'email', $2, $3, $4, $5, $6)`, secret.Hash(token), u.ID, address.Typed, address.Folded, db.At(now), db.At(n.Until))
		if err != nil {
			return err
		}
		return send(ctx, tx, n)
	})
}

// NewAddressOf returns what a token would change, without using it up. Errors:
// NotFound when it is wrong, used or expired.
func (a *Accounts) NewAddressOf(ctx context.Context, token string) (NewAddress, error) {
	var r struct {
		userRow
		Fresh string `db:"fresh"`
	}
	err := a.db.Get(ctx, &r, `SELECT `+userColumns+`, l.email AS fresh FROM mailed_links l JOIN users u ON u.id = l.user_id
		WHERE l.hash = $1 AND l.kind = 'email' AND l.expires_at > $2`, secret.Hash(token), db.At(a.db.Clock().Wall()))
	if errors.Is(err, db.ErrNoRows) {
		return NewAddress{}, linkEnded()
	}
	return NewAddress{User: r.user(), Email: r.Fresh, Token: token}, err
}

// ConfirmNewAddress uses the token up and gives its user the address. Links
// that were sent to the old address end. Errors: NotFound, Conflict when
// another account has the address.
func (a *Accounts) ConfirmNewAddress(ctx context.Context, token string) error {
	taken := fault.New(fault.Conflict, "Another account has this email address. Sign in there, or choose another address.")
	err := a.db.InTx(ctx, func(tx *db.Tx) error {
		var l struct {
			UserID UserID `db:"user_id"`
			Email  string `db:"email"`
			Folded string `db:"email_folded"`
		}
		err := tx.Get(ctx, &l, `DELETE FROM mailed_links WHERE hash = $1 AND kind = 'email' AND expires_at > $2
			RETURNING user_id, email, email_folded`, secret.Hash(token), db.At(a.db.Clock().Wall()))
		if errors.Is(err, db.ErrNoRows) {
			return linkEnded()
		}
		if err != nil {
			return err
		}
		before, err := userByID(ctx, tx, l.UserID)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE users SET email = $2, email_folded = $3, epoch = epoch + 1
			WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_folded = $3 AND o.id <> $1)`, l.UserID, l.Email, l.Folded)
		if err != nil {
			return err
		}
		if n == 0 {
			return taken
		}
		if _, err = tx.Exec(ctx, `DELETE FROM mailed_links WHERE user_id = $1`, l.UserID); err != nil {
			return err
		}
		after, err := userByID(ctx, tx, l.UserID)
		if err != nil {
			return err
		}
		return a.happened(ctx, tx, Event{User: after.user(), Change: AddressChanged, What: changeWords[AddressChanged], Former: before.Email})
	})
	if db.IsUnique(err) { // somebody took it at the same moment
		return taken
	}
	return err
}
