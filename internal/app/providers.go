package app

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/payment/stripe"
	"smartlinks/internal/secret"
)

// providerFlags lead to other providers than the real ones, for tests.
type providerFlags struct {
	StripeAPI string `name:"stripe-api" env:"SMARTLINKS_STRIPE_API" help:"Base URL instead of Stripe's, for tests against a stand-in."`
	gatewayFlags
	MollieAPI string `name:"mollie-api" env:"SMARTLINKS_MOLLIE_API" help:"Base URL instead of Mollie's, for tests against a stand-in."`
}

// wireProviders makes the providers that work with the merchants' own keys.
func (r *rooms) wireProviders(d *db.DB, s settings, sealer *secret.Sealer, into map[string]payment.Provider) {
	r.ring = keyring.New(d, sealer, r.businesses, s.publicURL.String(), s.sandbox)
	asked := s.asked
	if asked == nil {
		asked = func(string) outgoing.Watch { return nil }
	}
	byStripe := stripe.New(r.ring, s.providers.StripeAPI, d.Clock(), asked(stripe.Name))
	byMollie := mollie.New(r.ring, s.providers.MollieAPI, d.Clock(), asked(mollie.Name))
	r.ring.Open(map[string]keyring.Gate{stripe.Name: byStripe, mollie.Name: byMollie})
	into[stripe.Name], into[mollie.Name] = byStripe, byMollie
}

// checkSandbox refuses to bring test mode to an installation with live keys.
func (r *rooms) checkSandbox(ctx context.Context, sandbox bool) error {
	if !sandbox {
		return nil
	}
	live, err := r.ring.HasLive(ctx)
	if err == nil && live {
		err = fault.New(fault.Conflict, "A live key of a payment provider is stored here, so --sandbox is refused. Start without it, or use another database for testing.")
	}
	return err
}

// acceptsPrice asks the business's provider about a product's price.
func (r *rooms) acceptsPrice(ctx context.Context, businessID business.ID, a money.Amount) (string, error) {
	b, err := r.businesses.ByID(ctx, businessID)
	if err != nil {
		return "", err
	}
	return r.payments.Accepts(b, a), nil
}

// gatewayFlags lead to other SMS gateways than the real ones.
type gatewayFlags struct {
	MessageBirdAPI string `name:"messagebird-api" env:"SMARTLINKS_MESSAGEBIRD_API" help:"Base URL instead of MessageBird's, for tests against a stand-in."`
	TwilioAPI      string `name:"twilio-api" env:"SMARTLINKS_TWILIO_API" help:"Base URL instead of Twilio's, for tests against a stand-in."`
}

func (f gatewayFlags) smsBases() sms.Bases {
	return sms.Bases{MessageBird: f.MessageBirdAPI, Twilio: f.TwilioAPI}
}
