package account

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Rename changes the name that others see.
func (a *Accounts) Rename(ctx context.Context, userID UserID, name string) error {
	var fields fault.Fields
	name = text.Rule{Most: 80, Required: true}.Clean("name", name, fields.Add)
	if err := fields.Err(); err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE users SET name = $2 WHERE id = $1`, userID, name)
		return err
	})
}

// ChangePassword replaces the password of somebody who knows the current one,
// and ends all their other sessions. Errors: Invalid at the fields
// "current_password" and "password", TooMany.
func (a *Accounts) ChangePassword(ctx context.Context, userID UserID, keep SessionID, current, fresh string) error {
	u, err := a.Confirm(ctx, userID, current)
	if err != nil {
		return err
	}
	hash, err := a.newPassword(ctx, u, fresh)
	if err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error { return a.replacePassword(ctx, tx, u, hash, keep) })
}

// Confirm makes sure that whoever holds a session knows the password as well,
// before something is changed that signs them in. Errors: Invalid at the field
// "current_password", TooMany with the time to wait.
func (a *Accounts) Confirm(ctx context.Context, userID UserID, password string) (User, error) {
	var u User
	if password == "" { // no guess
		var fields fault.Fields
		fields.Add("current_password", "password.missing", "Enter your password.")
		return u, fields.Err()
	}
	var folded string
	err := a.guess(ctx, []bucket{confirmBucket(userID)}, func() error {
		r, err := userByID(ctx, a.db, userID)
		folded = foldedAddress(r.Email)
		if err != nil {
			return err
		}
		match, err := a.passwords.matches(ctx, password, r.Hash)
		if err != nil {
			return err
		}
		if !match {
			var fields fault.Fields
			fields.Add("current_password", "password.wrong", "This is not your password.")
			return fields.Err()
		}
		u = r.user()
		return nil
	})
	if fault.Is(err, fault.Invalid) {
		if noted := a.refused(ctx, folded, triedPasswordInSession); noted != nil {
			return u, noted
		}
	}
	return u, err
}

// confirmBucket counts guesses at a password by whoever has a session of the user.
func confirmBucket(userID UserID) bucket { return mine("confirm "+string(userID), perAccount) }

// newPassword checks and hashes a password that the user shall have.
func (a *Accounts) newPassword(ctx context.Context, u User, password string) (hash string, err error) {
	var fields fault.Fields
	checkPassword(password, &fields, u.Email, localPart(u.Email))
	if err := fields.Err(); err != nil {
		return "", err
	}
	return a.passwords.hash(ctx, password)
}

// replacePassword ends what the old password opened: sessions other than keep,
// and links in mails. It lifts the waits of wrong ones. It refuses when something else was faster.
func (a *Accounts) replacePassword(ctx context.Context, tx *db.Tx, u User, hash string, keep SessionID) error {
	n, err := tx.Exec(ctx, `UPDATE users SET password_hash = $3, epoch = epoch + 1 WHERE id = $1 AND epoch = $2`, u.ID, u.Epoch, hash)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "This account was changed at the same moment. Try again.")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM mailed_links WHERE user_id = $1`, u.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sign_ins WHERE user_id = $1 AND id <> $2`, u.ID, keep); err != nil {
		return err
	}
	if err := lift(ctx, tx, u); err != nil {
		return err
	}
	return a.changed(ctx, tx, u.ID, PasswordChanged)
}
