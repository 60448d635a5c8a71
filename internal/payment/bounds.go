package payment

import (
	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

// Bounds are what the business's provider charges in a currency.
func (p *Payments) Bounds(b business.Business, c money.Currency) provider.Bounds {
	return p.boundsOf(b.Provider, c)
}

func (p *Payments) boundsOf(providerName string, c money.Currency) provider.Bounds {
	if bounder, can := p.Providers[providerName].(provider.Bounder); can {
		bounds := bounder.Bounds(c)
		bounds.Currency = c
		return bounds
	}
	return provider.Bounds{Currency: c}
}

// Accepts says why the business's provider can't charge an amount, in a sentence for
// the merchant who asks it; "" when it can, or nobody is connected yet.
func (p *Payments) Accepts(b business.Business, a money.Amount) string {
	if refusal := p.Bounds(b, a.Currency).Refuse(a); refusal != nil {
		return refusal.Merchant(b.Provider)
	}
	return ""
}
