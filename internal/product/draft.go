package product

import (
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// The bounds of the texts, in characters.
const (
	maxName        = 120
	maxDescription = 2000
)

// Draft describes a product to be made.
type Draft struct {
	Name        string
	Description string
	Price       money.Amount
	Active      bool
	Image       []byte // a JPEG, PNG, WebP or GIF file; empty for none
}

// Patch describes changes; nil keeps what is there.
type Patch struct {
	Name        *string
	Description *string
	Price       *money.Amount
	Active      *bool
	Image       []byte // a new picture
	RemoveImage bool   // without a new one
}

func (p Patch) apply(to *Product) {
	set(&to.Name, p.Name)
	set(&to.Description, p.Description)
	set(&to.Price, p.Price)
	set(&to.Active, p.Active)
	if p.RemoveImage {
		to.ImageID = ""
	}
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// clean brings p into the form that is stored, and notes what is wrong.
func (p *Product) clean(fields *fault.Fields) {
	p.Name = text.Rule{Most: maxName, Required: true}.Clean("name", p.Name, fields.Add)
	p.Description = text.Rule{Most: maxDescription, Lines: true}.Clean("description", p.Description, fields.Add)
	switch {
	case !p.Price.Currency.Known():
		fields.Add("price.currency", "currency.unknown", p.Price.Currency.Check().Error())
	case p.Price.Minor <= 0:
		fields.Add("price.value", "amount.positive", "Give a price above zero.")
	case p.Price.Cmp(money.Max(p.Price.Currency)) > 0:
		fields.Add("price.value", "amount.large", "Give a price of at most "+money.Max(p.Price.Currency).Decimal()+".")
	}
}
