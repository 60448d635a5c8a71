package frame

import (
	"smartlinks/internal/business"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/stripe"
)

// ProviderName is what a provider is called.
func ProviderName(provider string) string {
	switch provider {
	case stripe.Name:
		return "Stripe"
	case mollie.Name:
		return "Mollie"
	case banktransfer.Name:
		return "Bank transfer"
	case payment.Manual:
		return "By hand"
	case business.Sandbox:
		return "Sandbox"
	}
	return provider
}
