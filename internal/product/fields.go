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
}
