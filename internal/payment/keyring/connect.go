package keyring

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/provider"
)

// maxKey bounds a key and a secret in bytes; real ones have about a hundred.
const maxKey = 500

// Connection is what a merchant enters: a key, and, where the provider can't be
// told by us where to report, the secret of webhooks that they made there.
type Connection struct{ Key, WebhookSecret string }

// Connect tests a key against the provider, keeps it sealed, and makes the
// account move the business's money from now on. The same account's key before
// it is replaced. Errors: Invalid with the field "key" or "webhook_secret",
// Unavailable while the provider does not answer; nothing is kept then.
func (r *Ring) Connect(ctx context.Context, businessID business.ID, providerName string, c Connection) (Account, error) {
	gate, known := r.gates[providerName]
	if !known {
		return Account{}, fault.New(fault.NotFound, "There is no such provider.")
	}
	c.Key, c.WebhookSecret = strings.TrimSpace(c.Key), strings.TrimSpace(c.WebhookSecret)
	a, err := r.examine(ctx, gate, c)
	if err != nil {
		return Account{}, err
	}
	at := provider.Account{Business: businessID, Mode: a.Mode}
	a.Provider, a.Last4, a.Status = providerName, lastOf(c.Key), Working
	hook := r.listen(ctx, gate, at, providerName, c)
	a.Webhooks, a.Problem = hook.secret != "", hook.problem
	before, err := r.save(ctx, at, a, c.Key, hook)
	if err != nil {
		hook.undo(ctx, gate, c.Key)
		return Account{}, err
	}
	// The endpoint of the key before is of no use any more. When it stays,
	// because that key was revoked, its reports are refused as forged.
	listening{id: before}.undo(ctx, gate, c.Key)
	return a, nil
}

// examine checks what was entered, and asks the provider whose key it is.
func (r *Ring) examine(ctx context.Context, gate Gate, c Connection) (a Account, err error) {
	var wrong fault.Fields
	switch {
	case c.Key == "":
		wrong.Add("key", "", "Enter a key.")
	case len(c.Key) > maxKey:
		wrong.Add("key", "", "This is too long to be a key. Copy the key alone.")
	default:
		if a.Mode, err = gate.Mode(c.Key); err != nil {
			wrong.Add("key", "", err.Error())
		}
	}
	if r.sandbox && a.Mode == business.Live {
		wrong.Add("key", "", "This installation runs with --sandbox, so it takes test keys only. Start it without --sandbox to take real money.")
	}
	if len(c.WebhookSecret) > maxKey {
		wrong.Add("webhook_secret", "", "This is too long to be a secret. Copy the secret alone.")
	}
	if err := wrong.Err(); err != nil {
		return a, err
	}
	identity, err := gate.Identify(ctx, c.Key)
	if errors.Is(err, provider.ErrAccount) {
		wrong.Add("key", "", "The provider refuses this key. It may be mistyped, revoked, or not allowed to do what we need. Make a new one there and enter it here.")
		return a, wrong.Err()
	}
	if err != nil {
		return a, fault.Wrap(err, fault.Unavailable, "The provider does not answer, so the key could not be tested. Nothing was saved; please try again.")
	}
	a.Account, a.Label, a.CheckedAt = identity.ID, identity.Label, r.db.Clock().Now()
	return a, nil
}

// listening is how a provider's webhooks were set up.
type listening struct{ id, secret, problem string }

// listen makes the provider report to us, unless the merchant has done it.
// Without webhooks payments settle by asking the provider, some minutes later.
func (r *Ring) listen(ctx context.Context, gate Gate, a provider.Account, provider string, c Connection) listening {
	listener, can := gate.(Listener)
	if !can {
		return listening{}
	}
	if c.WebhookSecret != "" {
		return listening{secret: c.WebhookSecret}
	}
	id, secret, err := listener.Listen(ctx, c.Key, r.HookURL(a.Business, provider))
	if err != nil {
		return listening{problem: i18n.Mark("Webhooks could not be set up, so payments show up some minutes later. Create an endpoint in the provider’s dashboard and enter its secret here.")}
	}
	return listening{id: id, secret: secret}
}

// undo removes an endpoint as far as that is possible.
func (l listening) undo(ctx context.Context, gate Gate, key string) {
	if listener, can := gate.(Listener); can && l.id != "" {
		_ = listener.Unlisten(ctx, key, l.id) // what is left there is refused here
	}
}

// HookURL is where a provider reports about a business.
func (r *Ring) HookURL(businessID business.ID, provider string) string {
	return r.addresses.Own(address.ProviderHook(provider, businessID))
}

// save keeps the account and makes it the one in use; before is the endpoint
// that belonged to the key before.
func (r *Ring) save(ctx context.Context, at provider.Account, a Account, key string, hook listening) (before string, err error) {
	sealedKey, err := r.sealer.Seal([]byte(key), keyContext(a.Provider, at))
	if err != nil {
		return "", err
	}
	sealedHook := ""
	if hook.secret != "" {
		if sealedHook, err = r.sealer.Seal([]byte(hook.secret), webhookContext(a.Provider, at)); err != nil {
			return "", err
		}
	}
	err = r.db.InTx(ctx, func(tx *db.Tx) error {
		if before, err = replaceable(ctx, tx, at.Business, a); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO provider_accounts (business_id, provider, mode, account, label, last4, sealed_key, sealed_webhook, webhook_id,
				status, problem, checked_at, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12)
			ON CONFLICT (business_id, provider, mode) DO UPDATE SET account = excluded.account, label = excluded.label, last4 = excluded.last4,
				sealed_key = excluded.sealed_key, sealed_webhook = excluded.sealed_webhook, webhook_id = excluded.webhook_id,
				status = excluded.status, problem = excluded.problem, checked_at = excluded.checked_at, updated_at = excluded.updated_at`,
			at.Business, a.Provider, a.Mode, a.Account, a.Label, a.Last4, sealedKey, sealedHook, hook.id, a.Status, a.Problem, db.At(tx.Now()))
		if err != nil {
			return err
		}
		return r.businesses.UseProviderTx(ctx, tx, at.Business, a.Provider, a.Mode)
	})
	return before, err
}

// replaceable returns the endpoint of the account that was connected before. It
// refuses another account while payments are under way with that one.
func replaceable(ctx context.Context, tx *db.Tx, businessID business.ID, a Account) (hook string, err error) {
	var before struct{ Account, WebhookID string }
	err = tx.Get(ctx, &before, `SELECT account, webhook_id FROM provider_accounts WHERE business_id = $1 AND provider = $2 AND mode = $3`,
		businessID, a.Provider, a.Mode)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	if err != nil || before.Account == a.Account {
		return before.WebhookID, err
	}
	live, err := underWay(ctx, tx, businessID, a.Provider, a.Mode)
	if err == nil && live > 0 {
		var wrong fault.Fields
		wrong.Add("key", "", fmt.Sprintf("This key is of another account, and payments are under way with the connected one (%d). Wait until they have ended.", live))
		err = wrong.Err()
	}
	return before.WebhookID, err
}

// lastOf is what may be shown of a key.
func lastOf(key string) string { return key[max(0, len(key)-4):] }
