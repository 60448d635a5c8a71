// Package offer is what a payer's page asks money for: a link's amount, a product, or the
// payment page of a business.
package offer

import (
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/product"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/frame"
)

// Offer is what a page asks money for.
type Offer struct {
	Business    business.Business
	Source      attempt.Source
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
	Rules       checkout.Rules  // what else payers are asked
	Way         string          // to pay, chosen beforehand; "" for none
	WayLocked   bool            // it is the only one that this address allows
	Codes       bool            // a promotion code may count
	Bounds      provider.Bounds // what the business's provider charges
	Kept        int64           // units that are kept for this payer by an offer of the waiting list
	Closed      *frame.State    // why nothing can be paid now; nil when it can
}

// Unpayable reports whether nothing that the page asks can be charged.
func (o Offer) Unpayable() bool {
	switch {
	case o.NoWay(), o.Bounds.Lacking, !o.ByProvider() && !o.OffersTransfer(o.Currency):
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

// Takes reports whether the payer may choose the amount and the provider charges it.
func (o Offer) Takes(a money.Amount) bool { return o.Within(a) && o.Bounds.Refuse(a) == nil }

// OfPage is the payment page, where payers choose the amount.
func OfPage(b business.Business) Offer {
	title := b.Page.Title
	if title == "" {
		title = b.Name
	}
	return Offer{
		Business: b, Source: attempt.SourcePage, Title: title, Description: b.Page.Description,
		Price: b.Page.Default, Min: b.Page.Min, Max: b.Page.Max, Suggested: b.Page.Suggested,
		Currency: b.Currency, Version: b.Version, AskNotes: true,
	}
}

// OfLink is the page of an amount link. Without a description the payment
// page's own stands in.
func OfLink(b business.Business, l link.Link) Offer {
	o := Offer{
		Business: b, Source: attempt.SourceLink, Link: &l, Title: l.Name, Description: l.Description,
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

// Sold is the description of what is sold, for the receipt. The payment page's own, which
// stands in for one on a link's page, is about the business.
func (o Offer) Sold() string {
	if o.Source == attempt.SourceLink && o.Product == nil && o.Link != nil {
		return o.Link.Description
	}
	return o.Description
}

// OfProduct is a product's page. With a link the sale is the link's.
func OfProduct(b business.Business, p product.Product, l *link.Link) Offer {
	o := Offer{
		Business: b, Source: attempt.SourceProduct, Product: &p, Link: l, Title: p.Name, Description: p.Description,
		Price: &p.Price, Fixed: true, Currency: p.Price.Currency, Version: p.Version, Rules: p.Checkout,
	}
	if l != nil {
		o.Source, o.Rules = attempt.SourceLink, l.Checkout.Over(p.Checkout)
	}
	return o
}

// Asks is what is asked beside name, e-mail and amount.
func (o Offer) Asks() payform.Asked {
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
		if o.Kept > 0 {
			a.Left = new(Reach(*o.Link, o.Kept))
		}
	}
	return a
}

// ChosenBy is the offer with the amount that the payer typed, where they choose it: a tip and
// the costs are of that.
func (o Offer) ChosenBy(t i18n.Localizer, typed string) Offer {
	if o.Chosen = nil; o.Fixed {
		return o
	}
	if amount, err := money.ParseTypedIn(typed, o.Currency, t.Lang()); err == nil && o.Takes(amount) {
		o.Chosen = &amount
	}
	return o
}

// AsksIn is asks for a reader of a language.
func (o Offer) AsksIn(t i18n.Localizer) payform.Asked {
	a := o.Asks()
	a.Language = t.Lang()
	return a
}

// Within reports whether the payer may choose the amount.
func (o Offer) Within(a money.Amount) bool {
	return (o.Min == nil || a.Cmp(*o.Min) >= 0) && (o.Max == nil || a.Cmp(*o.Max) <= 0)
}

// ForEverybody reports whether search engines may show the page. A link for one
// customer, or for one payment, is nobody else's business.
func (o Offer) ForEverybody() bool {
	return o.Link == nil || o.Link.CustomerID == "" && o.Link.Limit.Kind != link.Once
}

// AskedPrice is what a form of a fixed price carries, so that a change is noticed;
// empty where the payer decides.
func (o Offer) AskedPrice() string {
	if !o.Fixed || o.Price == nil {
		return ""
	}
	return o.Price.Decimal()
}

// Target is what a view of the page counts for.
func (o Offer) Target() string {
	switch {
	case o.Link != nil:
		return string(o.Link.ID)
	case o.Product != nil:
		return string(o.Product.ID)
	}
	return string(o.Business.ID)
}

// Bounded is the offer with what the business's provider charges: suggestions that it
// doesn't are left out, and so are numbers of units that cost too little or too much.
func (o Offer) Bounded(by provider.Bounds) Offer {
	o.Bounds = by
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

// Sale is what a code is to be used for; false where payers choose the amount.
func (o Offer) Sale(listed money.Amount) (coupon.Sale, bool) {
	s := coupon.Sale{List: listed}
	if o.Link != nil {
		s.Link, s.Product = o.Link.ID, o.Link.ProductID
	} else if o.Product != nil {
		s.Product = o.Product.ID
	}
	return s, o.Fixed && o.Price != nil && (o.Link != nil && (!o.Link.PayerChooses() || !o.Business.Page.PayerAmount) || o.Link == nil && o.Product != nil)
}

// SettledByOne reports whether one payment of it settles the offer. On the payment
// page another amount is another payment: there a line above the form is enough.
func (o Offer) SettledByOne() bool { return o.Link != nil || o.Product != nil }

// Reach is how many units of a link somebody can have for whom so many are kept: others
// can't have those, also where the limit was lowered below them.
func Reach(l link.Link, kept int64) int64 { return kept + max(0, l.Free()) }

// ShowsLeft reports whether the page tells how many payments remain. For whom the last are
// kept it does not say that none do.
func (o Offer) ShowsLeft() bool {
	return o.Link != nil && o.Link.Limit.Limited() && o.Link.ShowRemaining && (o.Kept == 0 || *o.Link.Remaining() > 0)
}

// Left is how many payments, or units, are left.
func (o Offer) Left() int { return int(*o.Link.Remaining()) }

// NothingTyped is the part of the form that the rules ask for, as it is at first.
func (o Offer) NothingTyped() payform.Form {
	f, _ := payform.Prefilled(nil, o.Asks())
	return f
}

// LeftText says how many payments, or units, are left.
func LeftText(t i18n.Localizer, l link.Link) string {
	if l.Limit.ByUnits() {
		return t.N("pay.units_left", int(*l.Remaining()))
	}
	return t.N("pay.remaining", int(*l.Remaining()))
}

// PaidText says how many payments, or units, were taken.
func PaidText(t i18n.Localizer, l link.Link) string {
	if l.Limit.ByUnits() {
		return t.N("pay.units_taken", int(l.Units.Used))
	}
	return t.N("pay.paid_count", int(l.Slots.Used))
}

// Due says by when what is offered wants to be paid, "" where it says nothing of that.
func (o Offer) Due(t i18n.Localizer) string {
	if o.Link == nil {
		return ""
	}
	day, ok := o.Link.Due(o.Business.Location())
	if !ok {
		return ""
	}
	return t.T("due.on", "Day", calendar.Date(day, o.Business.Location(), t.Lang()))
}
