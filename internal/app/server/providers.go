package server

import "smartlinks/internal/message/sms"

// ProviderFlags lead to other providers than the real ones, for tests.
type ProviderFlags struct {
	StripeAPI    string `name:"stripe-api" env:"SMARTLINKS_STRIPE_API" help:"Base URL instead of Stripe's, for tests against a stand-in."`
	GatewayFlags `group:"Stand-ins, for tests:"`
	MollieAPI    string `name:"mollie-api" env:"SMARTLINKS_MOLLIE_API" help:"Base URL instead of Mollie's, for tests against a stand-in."`
}

// GatewayFlags lead to other SMS gateways than the real ones.
type GatewayFlags struct {
	BirdAPI        string `name:"bird-api" env:"SMARTLINKS_BIRD_API" help:"Base URL instead of Bird's, for tests against a stand-in."`
	MessageBirdAPI string `name:"messagebird-api" env:"SMARTLINKS_MESSAGEBIRD_API" help:"Base URL instead of MessageBird's, for tests against a stand-in."`
	TwilioAPI      string `name:"twilio-api" env:"SMARTLINKS_TWILIO_API" help:"Base URL instead of Twilio's, for tests against a stand-in."`
}

func (f GatewayFlags) SMSBases() sms.Bases {
	return sms.Bases{Bird: f.BirdAPI, MessageBird: f.MessageBirdAPI, Twilio: f.TwilioAPI}
}
