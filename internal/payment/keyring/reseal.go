package keyring

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/provider"
)

// opened is a sealed key, or "" when it can't be opened.
func (r *Ring) opened(sealed, providerName string, businessID business.ID, mode business.Mode) string {
	plain, err := r.sealer.Open(sealed, keyContext(providerName, provider.Account{Business: businessID, Mode: mode}))
	if err != nil {
		return ""
	}
	return string(plain)
}

// ResealTx seals every key and every secret anew. The secret key itself is
// changed by the caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var rows []struct {
		BusinessID               business.ID
		Provider                 string
		Mode                     business.Mode
		SealedKey, SealedWebhook string
	}
	if err := tx.Select(ctx, &rows, `SELECT business_id, provider, mode, sealed_key, sealed_webhook FROM provider_accounts`); err != nil {
		return err
	}
	for _, row := range rows {
		at := provider.Account{Business: row.BusinessID, Mode: row.Mode}
		key, err := reseal(row.SealedKey, keyContext(row.Provider, at))
		if err != nil {
			return err
		}
		hook := ""
		if row.SealedWebhook != "" {
			if hook, err = reseal(row.SealedWebhook, webhookContext(row.Provider, at)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE provider_accounts SET sealed_key = $4, sealed_webhook = $5 WHERE business_id = $1 AND provider = $2 AND mode = $3`,
			row.BusinessID, row.Provider, row.Mode, key, hook); err != nil {
			return err
		}
	}
	return nil
}
