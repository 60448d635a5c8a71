package account

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Remove forgets the account of a user who knows their password and belongs to no business.
// Names in audit logs are those of then, and stay. Errors: Invalid at "current_password",
// TooMany, Conflict for who is a member.
func (a *Accounts) Remove(ctx context.Context, userID UserID, password string) error {
	if _, err := a.Confirm(ctx, userID, password); err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		// The write locks the user: who joins a business comes before, or finds no account.
		if _, err := tx.Exec(ctx, `UPDATE users SET epoch = epoch + 1 WHERE id = $1`, userID); err != nil {
			return err
		}
		var member bool
		if err := tx.Get(ctx, &member, `SELECT EXISTS (SELECT 1 FROM members WHERE user_id = $1)`, userID); err != nil {
			return err
		}
		if member {
			return fault.New(fault.Conflict, "You belong to a business. Leave its team first.")
		}
		for _, statement := range []string{
			`DELETE FROM invitations WHERE invited_by = $1`, // those that have ended: others ended with the membership
			`DELETE FROM mailed_links WHERE user_id = $1`,
			`DELETE FROM recovery_codes WHERE user_id = $1`,
			`DELETE FROM passkeys WHERE user_id = $1`,
			`DELETE FROM trusted_browsers WHERE user_id = $1`,
			`DELETE FROM sign_ins WHERE user_id = $1`,
			`DELETE FROM users WHERE id = $1`,
		} {
			if _, err := tx.Exec(ctx, statement, userID); err != nil {
				return err
			}
		}
		return nil
	})
}
