package links

import (
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/api/frame"
)

// LinkBody is a link as programs write it, for a new one and for changes.
// The rules are the link room's; here is only what it can't read.
type LinkBody struct {
	Name        frame.Optional[string]    `json:"name" required:"false" doc:"1 to 120 characters. A new link needs one."`
	Type        frame.Optional[string]    `json:"type" required:"false" enum:"amount,product" doc:"amount when left out."`
	Amount      *frame.Amount             `json:"amount,omitempty" doc:"Of an amount link."`
	ProductID   frame.Optional[string]    `json:"product_id" required:"false" doc:"Of a product link."`
	CustomerID  frame.Optional[string]    `json:"customer_id" required:"false" doc:"Whom the link is for; null for everybody."`
	Description frame.Optional[string]    `json:"description" required:"false" doc:"Payers read it on the page."`
	Notes       frame.Optional[string]    `json:"notes" required:"false" doc:"Private: payers never see them."`
	Reference   frame.Optional[string]    `json:"reference" required:"false" example:"INV-7" doc:"Of yours, such as an invoice's number; receipts and payments bear it."`
	Path        frame.Optional[string]    `json:"path" required:"false" doc:"Made from the name when left out. Letters, digits and -, up to 80 characters; the old one keeps leading here."`
	Domain      frame.Optional[string]    `json:"domain" required:"false" example:"pay.acme.example" doc:"One of the business's proven domains; null for the one that is for new links, or the installation's address without one."`
	Tags        frame.Optional[[]string]  `json:"tags" required:"false" doc:"Names; those that don't exist are made."`
	Limit       frame.Optional[limitBody] `json:"limit" required:"false" doc:"How many payments it takes; null for no limit."`
	CheckoutBody
	ShowRemaining *bool                        `json:"show_remaining,omitempty" doc:"Say on the page how many payments remain."`
	PayerAmount   frame.Optional[rangeBody]    `json:"payer_amount" required:"false" doc:"Between what the payer may choose; null for a fixed amount."`
	StartsAt      frame.Optional[time.Time]    `json:"starts_at" required:"false" doc:"Payments are taken from then on; null for now."`
	EndsAt        frame.Optional[time.Time]    `json:"ends_at" required:"false" doc:"Payments are taken until then; null for ever."`
	DueOn         frame.Optional[string]       `json:"due_on" required:"false" example:"2026-12-31" doc:"The day by which the link wants to be paid, in the business's zone; null for none. Payments after it count too."`
	AfterPayment  frame.Optional[afterPayment] `json:"after_payment" required:"false" doc:"What happens once somebody paid; null for nothing."`
	Thanks        frame.Optional[string]       `json:"thanks" required:"false" doc:"Payers read it once they have paid, up to 500 characters; empty for the payment page's own."`
	WaitingList   *bool                        `json:"waiting_list,omitempty" doc:"Who finds the link full can wait for a place. Not together with when_closed.redirect."`
	OfferHours    *int64                       `json:"offer_hours,omitempty" doc:"How long an offer of the waiting list keeps its places, 1 to 168 hours; 24 when left out."`
	WhenClosed    frame.Optional[whenClosed]   `json:"when_closed" required:"false" doc:"What payers read and where they are led while the link is on and takes no payments; null for nothing."`
	Reminders     frame.Optional[ReminderBody] `json:"reminders" required:"false" doc:"How customers to whom the link is sent are reminded until they pay; null switches that off."`
	Active        *bool                        `json:"active,omitempty" doc:"Off: the address answers 404, and nobody can pay."`
}

type limitBody struct {
	Kind   string `json:"kind,omitempty" enum:"unlimited,once,multiple" doc:"unlimited, once or multiple; multiple when only max is sent."`
	Max    *int64 `json:"max,omitempty" nullable:"true" doc:"1 to 1000, of multiple."`
	Counts string `json:"counts,omitempty" enum:"payments,units" doc:"What max counts: payments, or the units that they buy. Left out it stays as it was; payments on a new link."`
}

type rangeBody struct {
	Min         frame.Amount   `json:"min"`
	Max         frame.Amount   `json:"max"`
	Suggestions []frame.Amount `json:"suggestions,omitempty" doc:"Up to six amounts that the payer can choose with a press."`
}

type afterPayment struct {
	RedirectURL frame.Optional[string] `json:"redirect_url" required:"false" doc:"Where payers go after payment."`
	ApplyTag    frame.Optional[string] `json:"apply_tag" required:"false" example:"VIP Customer" doc:"A tag that the customer who pays gets; made when it doesn't exist."`
	RemoveTag   frame.Optional[string] `json:"remove_tag" required:"false" example:"Trial User" doc:"A tag that the customer who pays loses, after the other was given."`
}

type whenClosed struct {
	Message  frame.Optional[string] `json:"message" required:"false" doc:"Up to 300 characters."`
	Next     frame.Optional[string] `json:"next" required:"false" example:"lnk_…" doc:"A link to go to. One that is full, switched off or deleted hands on to its own next, over five at most."`
	URL      frame.Optional[string] `json:"url" required:"false" doc:"An address to go to, instead of a link."`
	Redirect *bool                  `json:"redirect,omitempty" doc:"Once the last place is used, answer 302 instead of the page that says so."`
}

// draft is the new link that the body describes.
func (in LinkBody) draft(b business.Business) (link.Fields, error) {
	f := link.Defaults()
	edit, err := in.edit(b.Currency)
	if err == nil {
		edit(&f)
	}
	return f, err
}

// edit changes what the body says something of. Amounts without a currency are in c.
func (in LinkBody) edit(c money.Currency) (func(*link.Fields), error) {
	var wrong fault.Fields
	amount, payer := in.Amount.Read("amount", c, &wrong), readRange(in.PayerAmount.Value, c, &wrong)
	asked := in.CheckoutBody.edit(c, &wrong)
	return func(f *link.Fields) {
		if in.Type.Sent {
			f.SetType(link.Type(frame.ValueOf(in.Type.Value)))
		}
		if amount != nil {
			f.Amount = amount
		}
		if in.ProductID.Sent && in.ProductID.Value != nil {
			f.ProductID = product.ID(*in.ProductID.Value)
		}
		if in.CustomerID.Sent {
			f.CustomerID = customer.ID(frame.ValueOf(in.CustomerID.Value))
		}
		in.Name.Set(&f.Name)
		in.Description.Set(&f.Description)
		in.Notes.Set(&f.Notes)
		in.Reference.Set(&f.Reference)
		in.Path.Set(&f.Path)
		in.Domain.Set(&f.Domain)
		if in.Tags.Sent {
			f.Tags = tag.Named(frame.ValueOf(in.Tags.Value)...)
		}
		if in.Limit.Sent {
			f.Limit = in.Limit.Value.read(f.Limit)
		}
		asked(&f.Checkout)
		frame.Set(&f.ShowRemaining, in.ShowRemaining)
		if in.PayerAmount.Sent {
			f.PayerAmount = payer
		}
		in.StartsAt.SetPointer(&f.StartsAt)
		in.EndsAt.SetPointer(&f.EndsAt)
		in.DueOn.Set(&f.DueOn)
		in.after(&f.After)
		in.Thanks.Set(&f.Thanks)
		in.whenClosed(&f.WhenClosed)
		frame.Set(&f.WaitingList, in.WaitingList)
		frame.Set(&f.OfferHours, in.OfferHours)
		frame.Set(&f.Active, in.Active)
	}, wrong.Err()
}

func readRange(in *rangeBody, c money.Currency, wrong *fault.Fields) *link.Range {
	if in == nil {
		return nil
	}
	least, most := in.Min.Read("payer_amount.min", c, wrong), in.Max.Read("payer_amount.max", c, wrong)
	if least == nil || most == nil {
		return nil // wrong says why
	}
	bounds := &link.Range{Min: *least, Max: *most}
	for _, s := range in.Suggestions {
		if a := s.Read("payer_amount.suggestions", c, wrong); a != nil {
			bounds.Suggested = append(bounds.Suggested, *a)
		}
	}
	return bounds
}

// read is the limit that the body asks for, given what it was: who raises the number of
// tickets says nothing of what is counted.
func (in *limitBody) read(was link.Limit) link.Limit {
	if in == nil {
		return link.Limit{Kind: link.Unlimited}
	}
	l := link.Limit{Kind: link.LimitKind(in.Kind), Max: frame.ValueOf(in.Max), Counts: link.Counts(in.Counts)}
	if l.Kind == "" && in.Max != nil {
		l.Kind = link.Multiple
	}
	if in.Counts == "" && l.Kind == link.Multiple {
		l.Counts = was.Counts
	}
	return l
}

// after changes what a payment does; an after_payment of null clears all of it.
func (in LinkBody) after(a *link.AfterPayment) {
	if to := in.AfterPayment.Value; to != nil {
		to.RedirectURL.Set(&a.RedirectURL)
		to.ApplyTag.Set(&a.ApplyTag)
		to.RemoveTag.Set(&a.RemoveTag)
	} else if in.AfterPayment.Sent {
		*a = link.AfterPayment{}
	}
}

// whenClosed changes where a closed link leads; null clears all of it.
func (in LinkBody) whenClosed(w *link.WhenClosed) {
	if to := in.WhenClosed.Value; to != nil {
		to.Message.Set(&w.Message)
		if to.Next.Sent {
			w.Next = link.ID(frame.ValueOf(to.Next.Value))
		}
		to.URL.Set(&w.URL)
		frame.Set(&w.Redirect, to.Redirect)
	} else if in.WhenClosed.Sent {
		*w = link.WhenClosed{}
	}
}
