package frame

import (
	"smartlinks/internal/business"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/stripe"
)

// ProviderName is what a provider is called, "" where nothing was to be paid.
func (r Reader) ProviderName(provider string) string {
	switch provider {
	case stripe.Name:
		return "Stripe"
	case mollie.Name:
		return "Mollie"
	case banktransfer.Name:
		return r.T("Bank transfer")
	case payment.Manual:
		return r.T("By hand")
	case business.Sandbox:
		return r.T("Sandbox")
	case payment.None:
		return ""
	}
	return provider
}
