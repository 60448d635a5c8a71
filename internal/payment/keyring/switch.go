package keyring

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
)

// Use makes a connected account move the business's money from now on. The
// provider "" is the installation's own: the sandbox, or nobody.
func (r *Ring) Use(ctx context.Context, businessID business.ID, provider string, mode business.Mode) error {
	return r.db.InTx(ctx, func(tx *db.Tx) error {
		if provider == "" {
			return r.businesses.UseProviderTx(ctx, tx, businessID, "", "")
		}
		var there bool
		err := tx.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM provider_accounts WHERE business_id = $1 AND provider = $2 AND mode = $3)`,
			businessID, provider, mode)
		if err == nil && !there {
			err = fault.New(fault.NotFound, "This account is not connected.")
		}
		if err != nil {
			return err
		}
		return r.businesses.UseProviderTx(ctx, tx, businessID, provider, mode)
	})
}

// Disconnect forgets the key of an account. While payments are under way there
// it is refused with Conflict, because they could not be settled. The
// installation's own provider takes over where the account was in use.
func (r *Ring) Disconnect(ctx context.Context, b business.Business, provider string, mode business.Mode) error {
	var key, hook string
	err := r.db.InTx(ctx, func(tx *db.Tx) (err error) {
		if key, hook, err = r.forget(ctx, tx, b.ID, provider, mode); err != nil {
			return err
		}
		if b.Provider != provider || b.Mode != mode {
			return nil
		}
		return r.businesses.UseProviderTx(ctx, tx, b.ID, "", "")
	})
	if err != nil || key == "" {
		return err
	}
	listening{id: hook}.undo(ctx, r.gates[provider], key)
	return nil
}

// forget removes an account, and returns what is needed to tidy up there.
func (r *Ring) forget(ctx context.Context, tx *db.Tx, businessID business.ID, provider string, mode business.Mode) (key, hook string, err error) {
	var gone struct{ SealedKey, WebhookID string }
	err = tx.Get(ctx, &gone, `DELETE FROM provider_accounts WHERE business_id = $1 AND provider = $2 AND mode = $3 RETURNING sealed_key, webhook_id`,
		businessID, provider, mode)
	if errors.Is(err, db.ErrNoRows) {
		return "", "", fault.New(fault.NotFound, "This account is not connected.")
	}
	if err != nil {
		return "", "", err
	}
	live, err := underWay(ctx, tx, businessID, provider, mode)
	if err == nil && live > 0 {
		err = fault.New(fault.Conflict, fmt.Sprintf("Payments are under way with this account (%d), and without its key they could not be settled. "+
			"Use another account for new payments, and disconnect this one when they have ended.", live))
	}
	if err != nil {
		return "", "", err
	}
	return r.opened(gone.SealedKey, provider, businessID, mode), gone.WebhookID, nil
}

// underWay counts the payments that need the account's key to be settled.
func underWay(ctx context.Context, tx *db.Tx, businessID business.ID, provider string, mode business.Mode) (live int64, err error) {
	err = tx.Get(ctx, &live, `SELECT COUNT(*) FROM attempts WHERE business_id = $1 AND provider = $2 AND mode = $3
		AND state IN (`+attempt.LiveSQL+`)`, businessID, provider, mode)
	return live, err
}
