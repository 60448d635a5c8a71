package link

import (
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// checkCheckout checks what payers are asked, against what else the link says.
func checkCheckout(l *Link, wrong *fault.Fields) {
	l.Checkout.Clean(wrong)
	if fee := l.Checkout.CoverFee; fee != nil {
		if fee.Said != "" && l.Currency != "" && fee.Said != l.Currency {
			wrong.Add("cover_fee.fixed.currency", "cover_fee.currency", "Use the currency of the amount.")
		}
		fee.Said = ""
	}
	q := l.Asks().Quantity
	if q == nil || wrong.Has("quantity.min") || wrong.Has("quantity.max") {
		return
	}
	switch {
	case l.PayerChooses():
		wrong.Add("quantity", "quantity.payer_amount", "A payer chooses the amount or how many, not both. Leave one of them out.")
	case l.Limit.ByUnits() && q.Min > l.Limit.Max:
		wrong.Add("quantity.min", "quantity.limit", "The limit has fewer units than a payment must buy. Choose a smaller minimum, or raise the limit.")
	case l.Amount != nil && l.Amount.Minor > 0 && l.Amount.Minor > money.Max(l.Amount.Currency).Minor/q.Max:
		wrong.Add("quantity.max", "quantity.amount", "So many cost more than a payment can be. Choose a smaller maximum.")
	}
}
