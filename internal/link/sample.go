package link

import (
	"smartlinks/internal/business"
	"smartlinks/internal/money"
)

// Sample is a link of the fields that is not stored, at the price, for previews.
// Nothing of it is checked.
func (f Fields) Sample(b business.Business, price money.Amount) Link {
	f.complete()
	return Link{BusinessID: b.ID, Fields: f, Currency: price.Currency, price: price}
}
