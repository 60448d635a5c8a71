package account

import (
	"context"

	"smartlinks/internal/db"
)

// ResealTx seals every TOTP key anew. The secret key itself is changed by the
// caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var users []struct {
		ID     UserID `db:"id"`
		Secret string `db:"totp_secret"`
		Draft  string `db:"totp_draft"`
	}
	if err := tx.Select(ctx, &users, `SELECT id, totp_secret, totp_draft FROM users WHERE totp_secret <> '' OR totp_draft <> ''`); err != nil {
		return err
	}
	for _, u := range users {
		for _, sealed := range []*string{&u.Secret, &u.Draft} {
			if *sealed == "" {
				continue
			}
			fresh, err := reseal(*sealed, totpContext(u.ID))
			if err != nil {
				return err
			}
			*sealed = fresh
		}
		if _, err := tx.Exec(ctx, `UPDATE users SET totp_secret = $2, totp_draft = $3 WHERE id = $1`, u.ID, u.Secret, u.Draft); err != nil {
			return err
		}
	}
	return nil
}
