// Package keyring keeps the keys of businesses' accounts at payment providers,
// sealed. It is where a business connects an account, changes its key, switches
// between accounts and disconnects them.
package keyring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/secret"
)

// Gate is a provider as the keyring sees it.
type Gate interface {
	// Mode tells a test key from a live one by its form. The error is a
	// sentence for the merchant who entered something else.
	Mode(key string) (business.Mode, error)
	// Identify asks the provider whose key it is. payment.ErrAccount: the
	// provider refuses the key.
	Identify(ctx context.Context, key string) (Identity, error)
}

// Listener is a provider that must be told once where it reports. Others are
// told with every payment.
type Listener interface {
	// Listen makes the provider report to the URL, signed with the secret that
	// it returns.
	Listen(ctx context.Context, key, url string) (id, secret string, err error)
	// Unlisten ends that.
	Unlisten(ctx context.Context, key, id string) error
}

// Identity is an account at a provider.
type Identity struct{ ID, Label string }

// Status says whether the provider took the key when it was last asked.
type Status string

// The statuses.
const (
	Working Status = "working"
	Refused Status = "refused"
)

// Account is a business's account at a provider, without its key.
type Account struct {
	Provider  string
	Mode      business.Mode
	Account   string // the provider's id of it
	Label     string // its name there
	Last4     string // of the key
	Webhooks  bool   // a secret for the provider's webhooks is there
	Status    Status
	Problem   string // what the provider said, for people; "" for nothing
	CheckedAt time.Time
}

// Ring is the store of keys. It is safe for concurrent use.
type Ring struct {
	db         *db.DB
	sealer     *secret.Sealer
	businesses *business.Businesses
	gates      map[string]Gate
	addresses  address.Book
	sandbox    bool
}

// New returns the ring. Providers report to an address of the book. With sandbox the
// installation is for testing and takes no live keys. Call Open before the
// first business connects.
func New(d *db.DB, sealer *secret.Sealer, businesses *business.Businesses, addresses address.Book, sandbox bool) *Ring {
	return &Ring{db: d, sealer: sealer, businesses: businesses, addresses: addresses, sandbox: sandbox}
}

// Open says which providers there are; they ask the ring for keys, so they are
// made after it.
func (r *Ring) Open(gates map[string]Gate) { r.gates = gates }

// Unreadable is the problem of an account whose key can't be opened as it is stored.
var Unreadable = i18n.Mark("The key that is stored can’t be read any more.")

// Key is the key of an account, payment.ErrAccount when there is none, or none that can be
// read: the provider is never asked by it, so nothing is in doubt.
func (r *Ring) Key(ctx context.Context, providerName string, a provider.Account) (string, error) {
	var sealed string
	err := r.db.Get(ctx, &sealed, `SELECT sealed_key FROM provider_accounts WHERE business_id = $1 AND provider = $2 AND mode = $3`,
		a.Business, providerName, a.Mode)
	if errors.Is(err, db.ErrNoRows) {
		return "", provider.ErrAccount
	}
	if err != nil {
		return "", err
	}
	plain, err := r.sealer.Open(sealed, keyContext(providerName, a))
	if errors.Is(err, secret.ErrSealed) {
		return "", errors.Join(fmt.Errorf("%w: %w", provider.ErrAccount, err), r.RecordOutcome(ctx, providerName, a, provider.ErrAccount))
	}
	return string(plain), err
}

// WebhookSecrets are those of the business's accounts at a provider, by mode.
func (r *Ring) WebhookSecrets(ctx context.Context, businessID business.ID, providerName string) (map[business.Mode]string, error) {
	var rows []struct {
		Mode          business.Mode
		SealedWebhook string
	}
	err := r.db.Select(ctx, &rows, `SELECT mode, sealed_webhook FROM provider_accounts WHERE business_id = $1 AND provider = $2 AND sealed_webhook <> ''`,
		businessID, providerName)
	if err != nil {
		return nil, err
	}
	secrets := map[business.Mode]string{}
	for _, row := range rows {
		plain, err := r.sealer.Open(row.SealedWebhook, webhookContext(providerName, provider.Account{Business: businessID, Mode: row.Mode}))
		if errors.Is(err, secret.ErrSealed) {
			continue // what the other account reports is taken all the same
		}
		if err != nil {
			return nil, err
		}
		secrets[row.Mode] = string(plain)
	}
	return secrets, nil
}

// List returns a business's accounts, in the order of their providers.
func (r *Ring) List(ctx context.Context, businessID business.ID) ([]Account, error) {
	var rows []struct {
		Provider, Account, Label, Last4, Problem, SealedKey string
		Mode                                                business.Mode
		Status                                              Status
		Webhooks                                            bool
		CheckedAt                                           db.Time
	}
	err := r.db.Select(ctx, &rows, `SELECT provider, mode, account, label, last4, status, problem, checked_at, sealed_key, sealed_webhook <> '' AS webhooks
		FROM provider_accounts WHERE business_id = $1 ORDER BY provider, mode`, businessID)
	accounts := make([]Account, len(rows))
	for i, a := range rows {
		accounts[i] = Account{a.Provider, a.Mode, a.Account, a.Label, a.Last4, a.Webhooks, a.Status, a.Problem, a.CheckedAt.Time}
		if r.opened(a.SealedKey, a.Provider, businessID, a.Mode) == "" {
			accounts[i].Status, accounts[i].Problem = Refused, Unreadable
		}
	}
	return accounts, err
}

// HasLive reports whether any business has a live key here.
func (r *Ring) HasLive(ctx context.Context) (live bool, err error) {
	err = r.db.Get(ctx, &live, `SELECT EXISTS (SELECT 1 FROM provider_accounts WHERE mode = 'live')`)
	return live, err
}

// RecordOutcome notes what came of using a key: payment.ErrAccount marks it as refused,
// so that the merchant learns of it; success ends that. Other errors say
// nothing of the key. It writes only when something changed.
func (r *Ring) RecordOutcome(ctx context.Context, providerName string, a provider.Account, outcome error) error {
	status, problem := Working, ""
	switch {
	case errors.Is(outcome, provider.ErrAccount):
		status, problem = Refused, i18n.Mark("The key was refused. It may have been revoked.")
	case outcome != nil:
		return nil
	}
	var known bool
	err := r.db.Get(ctx, &known, `SELECT EXISTS (SELECT 1 FROM provider_accounts WHERE business_id = $1 AND provider = $2 AND mode = $3 AND status <> $4)`,
		a.Business, providerName, a.Mode, status)
	if err != nil || !known {
		return err
	}
	return r.db.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE provider_accounts SET status = $4, problem = $5, checked_at = $6, updated_at = $6
			WHERE business_id = $1 AND provider = $2 AND mode = $3 AND status <> $4`, a.Business, providerName, a.Mode, status, problem, db.At(tx.Now()))
		tx.Notify("business", string(a.Business))
		return err
	})
}

func keyContext(provider string, a provider.Account) string {
	return "business/" + string(a.Business) + "/" + provider + "/" + string(a.Mode) + "/key"
}

func webhookContext(provider string, a provider.Account) string {
	return "business/" + string(a.Business) + "/" + provider + "/" + string(a.Mode) + "/webhook"
}
