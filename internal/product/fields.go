package product

import (
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// What the texts of a product may hold.
var (
	nameRule        = text.Rule{Most: 120, Required: true}
	descriptionRule = text.Rule{Most: 2000, Lines: true}
)

// clean brings the fields into the form that is stored, and notes what is wrong.
func (p *Fields) clean(fields *fault.Fields) {
	p.Name = nameRule.Clean("name", p.Name, fields.Add)
	p.Description = descriptionRule.Clean("description", p.Description, fields.Add)
	switch {
	case !p.Price.Currency.Known():
		fields.Add("price.currency", "currency.unknown", p.Price.Currency.Check().Error())
	case p.Price.Minor <= 0:
		fields.Add("price.value", "amount.positive", "Give a price above zero.")
	case p.Price.Cmp(money.Max(p.Price.Currency)) > 0:
		fields.Add("price.value", "amount.large", "Give a price of at most "+money.Max(p.Price.Currency).Decimal()+".")
	}
	p.cleanCheckout(fields)
}

// cleanCheckout checks what payers are asked, against the price.
func (p *Fields) cleanCheckout(fields *fault.Fields) {
	p.Checkout.Clean(fields)
	if fee := p.Checkout.CoverFee; fee != nil {
		if fee.Said != "" && fee.Said != p.Price.Currency {
			fields.Add("cover_fee.fixed.currency", "cover_fee.currency", "Use the currency of the price.")
		}
		fee.Said = ""
	}
	if q := p.Checkout.Quantity; q != nil && q.Max > 0 && p.Price.Minor > money.Max(p.Price.Currency).Minor/q.Max {
		fields.Add("quantity.max", "quantity.amount", "So many cost more than a payment can be. Choose a smaller maximum.")
	}
}
