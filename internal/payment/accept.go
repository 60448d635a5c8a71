package payment

import (
	"smartlinks/internal/business"
	"smartlinks/internal/money"
)

// Accepts says why the business's provider can't charge an amount, in a
// sentence for the merchant who asks it; "" when it can, or nobody is connected
// yet.
func (p *Payments) Accepts(b business.Business, a money.Amount) string {
	if accepter, can := p.Providers[b.Provider].(Accepter); can {
		return accepter.Accepts(a)
	}
	return ""
}
