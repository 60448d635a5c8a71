package system

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/manual"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/offered"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/stripe"
)

// wireProviders makes the providers that work with the merchants' own keys.
func (r *System) wireProviders(o Options, into map[string]provider.Provider) {
	r.Keys = keyring.New(r.DB, r.Sealer, r.Businesses, o.Addresses, o.Sandbox)
	watch := o.Watch
	if watch == nil {
		watch = func(string) outgoing.Watch { return nil }
	}
	byStripe := stripe.New(r.Keys, o.StripeAPI, r.DB.Clock(), watch(stripe.Name))
	byMollie := mollie.New(r.Keys, o.MollieAPI, r.DB.Clock(), watch(mollie.Name))
	r.Keys.Open(map[string]keyring.Gate{stripe.Name: byStripe, mollie.Name: byMollie})
	into[stripe.Name], into[mollie.Name] = byStripe, byMollie
	into[payment.Manual], into[payment.None] = manual.Hand{}, manual.Hand{}
	r.Transfers = banktransfer.New(r.DB, r.Businesses, r.mailTransfer)
	into[banktransfer.Name] = r.Transfers
}

// offering are the providers whose payment links can be taken over.
func offering(providers map[string]provider.Provider) map[string]offered.Lister {
	all := map[string]offered.Lister{}
	for name, p := range providers {
		if l, ok := p.(offered.Lister); ok {
			all[name] = l
		}
	}
	return all
}

// CheckSandbox refuses to bring test mode to an installation with live keys.
func (r *System) CheckSandbox(ctx context.Context, sandbox bool) error {
	if !sandbox {
		return nil
	}
	live, err := r.Keys.HasLive(ctx)
	if err == nil && live {
		err = fault.New(fault.Conflict, "A live key of a payment provider is stored here, so --sandbox is refused. Start without it, or use another database for testing.")
	}
	return err
}

// acceptsPrice asks the business's provider about a product's price.
func (r *System) acceptsPrice(ctx context.Context, businessID business.ID, a money.Amount) (string, error) {
	b, err := r.Businesses.ByID(ctx, businessID)
	if err != nil {
		return "", err
	}
	return r.Payments.Accepts(b, a), nil
}
