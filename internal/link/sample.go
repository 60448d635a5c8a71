package link

import (
	"smartlinks/internal/business"
	"smartlinks/internal/money"
)

// Sample is the draft as a link that is not stored, at the price, for previews.
// Nothing of it is checked.
func (d Draft) Sample(b business.Business, price money.Amount) Link {
	l := d.link(b)
	l.Currency, l.price = price.Currency, price
	return l
}
