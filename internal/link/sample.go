package link

import (
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// Sample is a link of the fields that is not stored, at the price, for previews.
// Nothing of it is checked, but that a limit which is none is left out.
func (f Fields) Sample(b business.Business, price money.Amount) Link {
	f.complete()
	var wrong fault.Fields
	if checkLimit(&f.Limit, &wrong); len(wrong) > 0 {
		f.Limit = Limit{Kind: Unlimited, Counts: Payments}
	}
	return Link{BusinessID: b.ID, Fields: f, Currency: price.Currency, price: price}
}
