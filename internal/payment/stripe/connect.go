package stripe

import (
	"context"
	"errors"
	"strings"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/provider"
)

// Mode implements keyring.Gate by the prefixes of "API keys": sk_ are secret
// keys, rk_ restricted ones, pk_ are for browsers.
func (s *Stripe) Mode(key string) (business.Mode, error) {
	kind, rest, _ := strings.Cut(key, "_")
	if kind == "pk" {
		return "", fault.New(fault.Invalid, "This is a publishable key. Enter the secret key, which starts with sk_test_ or sk_live_.")
	}
	mode, _, found := strings.Cut(rest, "_")
	if found && (kind == "sk" || kind == "rk") {
		switch mode {
		case "live":
			return business.Live, nil
		case "test":
			return business.Test, nil
		}
	}
	return "", fault.New(fault.Invalid, "This is no key of Stripe's. Secret keys start with sk_test_ or sk_live_, restricted ones with rk_.")
}

// Identify implements keyring.Gate ("Retrieve account"). A restricted key that
// may not read the account must at least read checkouts.
func (s *Stripe) Identify(ctx context.Context, key string) (keyring.Identity, error) {
	client := s.client(key)
	account, err := client.V1Accounts.Retrieve(ctx, nil)
	if err = asFault(err); err == nil {
		return keyring.Identity{ID: account.ID, Label: labelOf(account)}, nil
	}
	if !errors.Is(err, provider.ErrAccount) || !strings.HasPrefix(key, "rk_") {
		return keyring.Identity{}, err
	}
	params := &api.CheckoutSessionListParams{}
	params.Limit, params.Single = api.Int64(1), true
	for _, err := range client.V1CheckoutSessions.List(ctx, params) {
		if err != nil {
			return keyring.Identity{}, asFault(err)
		}
	}
	return keyring.Identity{Label: "Restricted key"}, nil
}

func labelOf(account *api.Account) string {
	switch {
	case account.Settings != nil && account.Settings.Dashboard != nil && account.Settings.Dashboard.DisplayName != "":
		return account.Settings.Dashboard.DisplayName
	case account.BusinessProfile != nil && account.BusinessProfile.Name != "":
		return account.BusinessProfile.Name
	}
	return account.ID
}

// Events are what Stripe reports to us ("Types of events").
func Events() []string {
	return []string{
		"checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
		"checkout.session.expired", "charge.refunded", "refund.updated", "refund.failed",
		"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
	}
}

// Listen implements keyring.Listener ("Create a webhook endpoint"). Stripe tells
// the secret once, in this answer.
func (s *Stripe) Listen(ctx context.Context, key, url string) (id, secret string, err error) {
	made, err := s.client(key).V1WebhookEndpoints.Create(ctx, &api.WebhookEndpointCreateParams{
		URL: api.String(url), EnabledEvents: api.StringSlice(Events()), APIVersion: api.String(api.APIVersion),
		Description: api.String("Smart Links"),
	})
	if err != nil {
		return "", "", asFault(err)
	}
	return made.ID, made.Secret, nil
}

// Unlisten implements keyring.Listener ("Delete a webhook endpoint").
func (s *Stripe) Unlisten(ctx context.Context, key, id string) error {
	_, err := s.client(key).V1WebhookEndpoints.Delete(ctx, id, nil)
	return asFault(err)
}
