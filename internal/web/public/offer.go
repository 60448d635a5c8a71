package public

import (
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/product"
	"smartlinks/internal/web/payform"
)

// offer is what a page asks money for.
type offer struct {
	Business    business.Business
	Source      payment.Source
	Link        *link.Link       // the sale is this link's, also on a product's page
	Product     *product.Product // what is sold; nil when it is an amount
	Title       string
	Description string
	Price       *money.Amount // asked, or suggested when not Fixed; nil when the payer types it
	Fixed       bool
	Min, Max    *money.Amount // of an amount that isn't Fixed
	Suggested   []money.Amount
	Asked       string        // what the address itself asks, for a form without an amount
	Chosen      *money.Amount // what the payer typed where they choose; nil when it can't be read
	Currency    money.Currency
	Version     int64 // of what is sold
	AskNotes    bool
	Rules       checkout.Rules // what else payers are asked
	Way         string         // to pay, chosen beforehand; "" for none
	WayLocked   bool           // it is the only one that this address allows
	Codes       bool           // a promotion code may count
	Bounds      payment.Bounds // what the business's provider charges
	Closed      *state         // why nothing can be paid now; nil when it can
}

// bounded is the offer with what the business's provider charges: suggestions that it
// doesn't are left out, and so are numbers of units that cost too little or too much.
func (p *Public) bounded(o offer) offer {
	o.Bounds = p.Payments.Bounds(o.Business, o.Currency)
	if o.Fixed {
		if q := o.Rules.Quantity; q != nil && o.Price != nil {
			least, most, _ := o.Bounds.Units(*o.Price, q.Min, q.Max)
			o.Rules.Quantity = &checkout.Quantity{Min: least, Max: most}
		}
		return o
	}
	o.Suggested = slices.DeleteFunc(slices.Clone(o.Suggested), func(a money.Amount) bool { return o.Bounds.Refuse(a) != nil })
	if o.Price != nil && o.Bounds.Refuse(*o.Price) != nil {
		o.Price = nil
	}
	return o
}

// unpayable reports whether nothing that the page asks can be charged.
func (o offer) unpayable() bool {
	switch {
	case o.noWay(), o.Bounds.Lacking, !o.byProvider() && !o.offersTransfer(o.Currency):
		return true
	case o.Fixed:
		if o.Price == nil {
			return false
		}
		_, _, refusal := o.Bounds.Units(*o.Price, o.Rules.Least(), o.Rules.Most())
		return refusal != nil
	}
	return o.Max != nil && o.Max.Minor < o.Bounds.Min || o.Min != nil && o.Bounds.Max > 0 && o.Min.Minor > o.Bounds.Max
}

// noWay reports whether the business has set up nothing yet that moves money.
func (o offer) noWay() bool { return o.Business.Provider == "" && !o.offersTransfer(o.Currency) }

// byTransfer reports whether the payer is to send the money from their bank.
func (o offer) byTransfer() bool {
	return o.Way == banktransfer.Name || o.Business.Provider == banktransfer.Name
}

// takes reports whether the payer may choose the amount and the provider charges it.
func (o offer) takes(a money.Amount) bool { return o.within(a) && o.Bounds.Refuse(a) == nil }

// offerOfPage is the payment page, where payers choose the amount.
func offerOfPage(b business.Business) offer {
	title := b.Page.Title
	if title == "" {
		title = b.Name
	}
	return offer{
		Business: b, Source: payment.SourcePage, Title: title, Description: b.Page.Description,
		Price: b.Page.Default, Min: b.Page.Min, Max: b.Page.Max, Suggested: b.Page.Suggested,
		Currency: b.Currency, Version: b.Version, AskNotes: true,
	}
}

// offerOfLink is the page of an amount link. Without a description the payment
// page's own stands in.
func offerOfLink(b business.Business, l link.Link) offer {
	o := offer{
		Business: b, Source: payment.SourceLink, Link: &l, Title: l.Name, Description: l.Description,
		Price: l.Amount, Fixed: true, Currency: l.Currency, Version: l.Version, Rules: l.Checkout,
	}
	if o.Description == "" {
		o.Description = b.Page.Description
	}
	if l.PayerChooses() && b.Page.PayerAmount {
		o.Fixed, o.Min, o.Max, o.Suggested = false, &l.PayerAmount.Min, &l.PayerAmount.Max, l.PayerAmount.Suggested
	}
	return o
}

// offerOfProduct is a product's page. With a link the sale is the link's.
func offerOfProduct(b business.Business, p product.Product, l *link.Link) offer {
	o := offer{
		Business: b, Source: payment.SourceProduct, Product: &p, Link: l, Title: p.Name, Description: p.Description,
		Price: &p.Price, Fixed: true, Currency: p.Price.Currency, Version: p.Version, Rules: p.Checkout,
	}
	if l != nil {
		o.Source, o.Rules = payment.SourceLink, l.Checkout.Over(p.Checkout)
	}
	return o
}

// asked is what is asked beside name, e-mail and amount.
func (o offer) asked() payform.Asked {
	a := payform.Asked{Rules: o.Rules, Codes: o.Codes, Can: checkout.Chargeable{Least: o.Bounds.Min, Step: o.Bounds.Step}}
	switch {
	case o.Fixed && o.Price != nil:
		a.Unit = *o.Price
	case !o.Fixed:
		a.Chosen, a.Unit = true, money.Amount{Currency: o.Currency}
		if o.Chosen != nil {
			a.Unit = *o.Chosen
		}
	}
	if o.Product != nil {
		a.Sold = string(o.Product.ID)
	}
	if o.Link != nil && o.Link.Limit.ByUnits() {
		a.Left = o.Link.Remaining()
	}
	return a
}

// chosenBy is the offer with the amount that the payer typed, where they choose it: a tip and
// the costs are of that.
func (o offer) chosenBy(t i18n.Localizer, f form) offer {
	if o.Chosen = nil; o.Fixed {
		return o
	}
	if amount, err := money.ParseTypedIn(f.Amount, o.Currency, t.Lang()); err == nil && o.takes(amount) {
		o.Chosen = &amount
	}
	return o
}

// askedIn is asked for a reader of a language.
func (o offer) askedIn(t i18n.Localizer) payform.Asked {
	a := o.asked()
	a.Language = t.Lang()
	return a
}

// reading is what answers to the offer are read with.
func (p *Public) reading(o offer) checkout.Reading {
	by := checkout.Reading{Now: p.DB.Clock().Now().UTC(), Phone: func(typed string) (string, bool) {
		number, refusal := customer.ParsePhone(typed, o.Business)
		return number, refusal == nil
	}}
	switch {
	case o.Link != nil && (o.Product == nil || o.Link.Checkout.Consent != nil):
		by.Version = o.Link.Version
	case o.Product != nil:
		by.Version = o.Product.Version
	}
	return by
}

// within reports whether the payer may choose the amount.
func (o offer) within(a money.Amount) bool {
	return (o.Min == nil || a.Cmp(*o.Min) >= 0) && (o.Max == nil || a.Cmp(*o.Max) <= 0)
}

// forEverybody reports whether search engines may show the page. A link for one
// customer, or for one payment, is nobody else's business.
func (o offer) forEverybody() bool {
	return o.Link == nil || o.Link.CustomerID == "" && o.Link.Limit.Kind != link.Once
}

// price is what a form of a fixed price carries, so that a change is noticed;
// empty where the payer decides.
func (o offer) price() string {
	if !o.Fixed || o.Price == nil {
		return ""
	}
	return o.Price.Decimal()
}

// target is what a view of the page counts for.
func (o offer) target() string {
	switch {
	case o.Link != nil:
		return string(o.Link.ID)
	case o.Product != nil:
		return string(o.Product.ID)
	}
	return string(o.Business.ID)
}
