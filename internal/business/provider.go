package business

import (
	"context"

	"smartlinks/internal/db"
)

// UseProviderTx makes a provider move the business's money, in a mode; "" is
// the installation's own. What is under way elsewhere is settled there.
func (s *Businesses) UseProviderTx(ctx context.Context, tx *db.Tx, id ID, provider string, mode Mode) error {
	n, err := tx.Exec(ctx, `UPDATE businesses SET provider = $2, provider_mode = $3, version = version + 1, updated_at = $4 WHERE id = $1`,
		id, provider, mode, db.At(tx.Now()))
	if err == nil && n == 0 {
		err = missing()
	}
	tx.Notify("business", string(id))
	return err
}

// TakeTransfersTx says whether payers may send the business its money from their bank.
func (s *Businesses) TakeTransfersTx(ctx context.Context, tx *db.Tx, id ID, on bool) error {
	n, err := tx.Exec(ctx, `UPDATE businesses SET takes_transfers = $2, version = version + 1, updated_at = $3 WHERE id = $1`, id, on, db.At(tx.Now()))
	if err == nil && n == 0 {
		err = missing()
	}
	tx.Notify("business", string(id))
	return err
}

// ResealTx seals every signing secret anew. The secret key itself is changed by
// the caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var rows []struct {
		ID                                 ID
		SigningSecret, SigningSecretBefore string
	}
	if err := tx.Select(ctx, &rows, `SELECT id, signing_secret, signing_secret_before FROM businesses`); err != nil {
		return err
	}
	for _, r := range rows {
		sealed, err := reseal(r.SigningSecret, signingContext(r.ID))
		if err != nil {
			return err
		}
		before := ""
		if r.SigningSecretBefore != "" {
			if before, err = reseal(r.SigningSecretBefore, signingContext(r.ID)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE businesses SET signing_secret = $2, signing_secret_before = $3 WHERE id = $1`, r.ID, sealed, before); err != nil {
			return err
		}
	}
	return nil
}
