package api

import (
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// LinkBody is a link as programs write it, for a new one and for changes.
// The rules are the link room's; here is only what it can't read.
type LinkBody struct {
	Name          optional[string]       `json:"name" required:"false" doc:"1 to 120 characters. A new link needs one."`
	Type          optional[string]       `json:"type" required:"false" enum:"amount,product" doc:"amount when left out."`
	Amount        *amount                `json:"amount,omitempty" doc:"Of an amount link."`
	ProductID     optional[string]       `json:"product_id" required:"false" doc:"Of a product link."`
	CustomerID    optional[string]       `json:"customer_id" required:"false" doc:"Whom the link is for; null for everybody."`
	Description   optional[string]       `json:"description" required:"false" doc:"Payers read it on the page."`
	Notes         optional[string]       `json:"notes" required:"false" doc:"Private: payers never see them."`
	Reference     optional[string]       `json:"reference" required:"false" example:"INV-7" doc:"Of yours, such as an invoice's number; receipts and payments bear it."`
	Path          optional[string]       `json:"path" required:"false" doc:"Made from the name when left out. Letters, digits and -, up to 80 characters; the old one keeps leading here."`
	Tags          optional[[]string]     `json:"tags" required:"false" doc:"Names; those that don't exist are made."`
	Limit         optional[limitBody]    `json:"limit" required:"false" doc:"How many payments it takes; null for no limit."`
	ShowRemaining *bool                  `json:"show_remaining,omitempty" doc:"Say on the page how many payments remain."`
	PayerAmount   optional[rangeBody]    `json:"payer_amount" required:"false" doc:"Between what the payer may choose; null for a fixed amount."`
	StartsAt      optional[time.Time]    `json:"starts_at" required:"false" doc:"Payments are taken from then on; null for now."`
	EndsAt        optional[time.Time]    `json:"ends_at" required:"false" doc:"Payments are taken until then; null for ever."`
	AfterPayment  optional[afterPayment] `json:"after_payment" required:"false" doc:"What happens once somebody paid; null for nothing."`
	Reminders     optional[reminderBody] `json:"reminders" required:"false" doc:"How customers to whom the link is sent are reminded until they pay; null switches that off."`
	Active        *bool                  `json:"active,omitempty" doc:"Off: the address answers 404, and nobody can pay."`
}

type limitBody struct {
	Kind string `json:"kind,omitempty" enum:"unlimited,once,multiple" doc:"unlimited, once or multiple; multiple when only max is sent."`
	Max  *int64 `json:"max,omitempty" nullable:"true" doc:"1 to 1000, of multiple."`
}

type rangeBody struct {
	Min         amount   `json:"min"`
	Max         amount   `json:"max"`
	Suggestions []amount `json:"suggestions,omitempty" doc:"Up to six amounts that the payer can choose with a press."`
}

type afterPayment struct {
	RedirectURL optional[string] `json:"redirect_url" required:"false" doc:"Where payers go after payment."`
	ApplyTag    optional[string] `json:"apply_tag" required:"false" example:"VIP Customer" doc:"A tag that the customer who pays gets; made when it doesn't exist."`
	RemoveTag   optional[string] `json:"remove_tag" required:"false" example:"Trial User" doc:"A tag that the customer who pays loses, after the other was given."`
}

// draft is the new link that the body describes.
func (in LinkBody) draft(b business.Business) (link.Draft, error) {
	p, err := in.patch(b.Currency)
	if err != nil {
		return link.Draft{}, err
	}
	d := link.Draft{
		Name: value(p.Name), Type: value(p.Type), Amount: p.Amount, ProductID: value(p.ProductID), CustomerID: value(p.CustomerID),
		Description: value(p.Description), Notes: value(p.Notes), Reference: value(p.Reference), Path: value(p.Path),
		Tags: value(p.Tags), Limit: value(p.Limit), HideRemaining: p.ShowRemaining != nil && !*p.ShowRemaining,
		PayerAmount: value(p.PayerAmount), StartsAt: value(p.StartsAt), EndsAt: value(p.EndsAt),
		After: link.AfterPayment{RedirectURL: value(p.RedirectURL), ApplyTag: value(p.ApplyTag), RemoveTag: value(p.RemoveTag)}, Inactive: p.Active != nil && !*p.Active,
	}
	return d, nil
}

// patch is the changes that the body describes. Amounts without a currency are
// in c.
func (in LinkBody) patch(c money.Currency) (link.Patch, error) {
	var wrong fault.Fields
	p := link.Patch{
		Name: in.Name.change(), Description: in.Description.change(), Notes: in.Notes.change(),
		Reference: in.Reference.change(), Path: in.Path.change(), Tags: in.Tags.change(),
		Amount: in.Amount.read("amount", c, &wrong), ShowRemaining: in.ShowRemaining, Active: in.Active,
		StartsAt: in.StartsAt.clearable(), EndsAt: in.EndsAt.clearable(),
		PayerAmount: readRange(in.PayerAmount, c, &wrong), Limit: in.limit(),
	}
	in.after(&p)
	if in.Type.Sent {
		kind := link.Type(value(in.Type.Value))
		p.Type = &kind
	}
	if in.CustomerID.Sent {
		id := customer.ID(value(in.CustomerID.Value))
		p.CustomerID = &id
	}
	if in.ProductID.Sent && in.ProductID.Value != nil {
		id := product.ID(*in.ProductID.Value)
		p.ProductID = &id
	}
	return p, wrong.Err()
}

func readRange(o optional[rangeBody], c money.Currency, wrong *fault.Fields) **link.Range {
	if !o.Sent || o.Value == nil {
		var fixed *link.Range
		if o.Sent {
			return &fixed
		}
		return nil
	}
	least, most := o.Value.Min.read("payer_amount.min", c, wrong), o.Value.Max.read("payer_amount.max", c, wrong)
	if least == nil || most == nil {
		return nil // wrong says why
	}
	bounds := &link.Range{Min: *least, Max: *most}
	for _, s := range o.Value.Suggestions {
		if a := s.read("payer_amount.suggestions", c, wrong); a != nil {
			bounds.Suggested = append(bounds.Suggested, *a)
		}
	}
	return &bounds
}

func (in LinkBody) limit() *link.Limit {
	if !in.Limit.Sent {
		return nil
	}
	if in.Limit.Value == nil {
		return &link.Limit{Kind: link.Unlimited}
	}
	l := &link.Limit{Kind: link.LimitKind(in.Limit.Value.Kind), Max: value(in.Limit.Value.Max)}
	if l.Kind == "" && in.Limit.Value.Max != nil {
		l.Kind = link.Multiple
	}
	return l
}

// after sets what a payment does; an after_payment of null clears all of it.
func (in LinkBody) after(p *link.Patch) {
	if to := in.AfterPayment.Value; to != nil {
		p.RedirectURL, p.ApplyTag, p.RemoveTag = to.RedirectURL.change(), to.ApplyTag.change(), to.RemoveTag.change()
	} else if in.AfterPayment.Sent {
		p.RedirectURL, p.ApplyTag, p.RemoveTag = new(string), new(string), new(string)
	}
}

// value is what the pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
