// Package asking is what links and products ask of their payers, as programs write and read it.
package asking

import (
	"cmp"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/web/api/frame"
)

// AskedBody is what links and products ask of their payers, as programs write it.
type AskedBody struct {
	Quantity  frame.Optional[quantityBody]   `json:"quantity" required:"false" doc:"How many units a payer may buy at once, at the amount each; null for one."`
	Questions frame.Optional[[]questionBody] `json:"questions" required:"false" doc:"Up to ten questions; null or an empty list for none."`
	Collect   frame.Optional[collectBody]    `json:"collect" required:"false" doc:"What is asked beside questions; null for nothing."`
	Consent   frame.Optional[consentBody]    `json:"consent" required:"false" doc:"What payers agree to; null for nothing."`
	Marketing frame.Optional[marketingBody]  `json:"marketing" required:"false" doc:"Asks whether the payer wants to be written to; never ticked beforehand. null for not asking."`
	Tip       frame.Optional[tipBody]        `json:"tip" required:"false" doc:"A voluntary extra; null for none."`
	CoverFee  frame.Optional[coverFeeBody]   `json:"cover_fee" required:"false" doc:"Lets payers take over what the payment costs you; null for not."`
}

type quantityBody struct {
	Min int64 `json:"min,omitempty" minimum:"1" maximum:"1000" default:"1" doc:"At least so many; 1 when left out."`
	Max int64 `json:"max" minimum:"1" maximum:"1000" doc:"At most so many."`
}

type questionBody struct {
	Key        string        `json:"key" example:"shirt" doc:"Unique: a lower-case letter, then letters, digits and _, 40 at most. ?shirt=L in the page's URL fills it in."`
	Label      string        `json:"label" example:"Shirt size"`
	Help       string        `json:"help,omitempty"`
	Type       checkout.Type `json:"type" enum:"text,long_text,number,choice,several,checkbox,date"`
	Required   bool          `json:"required,omitempty"`
	Options    []string      `json:"options,omitempty" nullable:"false" doc:"Of choice and several."`
	Min        string        `json:"min,omitempty" doc:"Of a number, as a decimal string."`
	Max        string        `json:"max,omitempty" doc:"Of a number, as a decimal string."`
	Step       string        `json:"step,omitempty" doc:"Of a number, as a decimal string, from min on."`
	ToProvider bool          `json:"to_provider,omitempty" doc:"Send the answer to the payment provider too."`
}

type collectBody struct {
	Phone   checkout.Demand `json:"phone,omitempty" enum:"no,optional,required" default:"no"`
	Address checkout.Demand `json:"address,omitempty" enum:"no,optional,required" default:"no"`
	Company checkout.Demand `json:"company,omitempty" enum:"no,optional,required" default:"no" doc:"With a VAT number, which may stay empty."`
}

type consentBody struct {
	Text     string `json:"text" doc:"Links are written [terms](https://example.com/terms)."`
	Required bool   `json:"required,omitempty"`
}

type marketingBody struct {
	Text string `json:"text"`
}

type tipBody struct {
	Percent []int64 `json:"percent,omitempty" nullable:"false" doc:"Up to four steps, in percent of what the goods cost."`
	Own     bool    `json:"own,omitempty" doc:"Payers may enter an amount of their own."`
}

type coverFeeBody struct {
	Percent string        `json:"percent,omitempty" example:"1.5" doc:"A decimal string."`
	Fixed   *frame.Amount `json:"fixed,omitempty" doc:"Per payment."`
}

// Edit changes what the body says something of.
func (in AskedBody) Edit(c money.Currency, wrong *fault.Fields) func(*checkout.Rules) {
	fee := in.CoverFee.Value.read(c, wrong)
	return func(to *checkout.Rules) {
		if in.Quantity.Sent {
			to.Quantity = nil
			if q := in.Quantity.Value; q != nil {
				to.Quantity = &checkout.Quantity{Min: max(q.Min, 1), Max: q.Max}
			}
		}
		if in.Questions.Sent {
			to.Questions = nil
			for _, q := range frame.ValueOf(in.Questions.Value) {
				to.Questions = append(to.Questions, checkout.Question(q))
			}
		}
		if in.Collect.Sent {
			to.Collect = checkout.Collect(frame.ValueOf(in.Collect.Value))
		}
		if in.Consent.Sent {
			to.Consent = (*checkout.Consent)(in.Consent.Value)
		}
		if in.Marketing.Sent {
			to.Marketing = (*checkout.Marketing)(in.Marketing.Value)
		}
		if in.Tip.Sent {
			to.Tip = (*checkout.Tip)(in.Tip.Value)
		}
		if in.CoverFee.Sent {
			to.CoverFee = fee
		}
	}
}

func (in *coverFeeBody) read(c money.Currency, wrong *fault.Fields) *checkout.CoverFee {
	if in == nil {
		return nil
	}
	fee := &checkout.CoverFee{Percent: in.Percent}
	if fixed := in.Fixed.Read("cover_fee.fixed", c, wrong); fixed != nil {
		fee.Fixed = fixed.Minor
		if in.Fixed.Currency != "" {
			fee.Said = fixed.Currency
		}
	}
	return fee
}

// AskedView is what links and products ask of their payers, as programs read it.
type AskedView struct {
	Quantity  *quantityBody  `json:"quantity" doc:"How many units a payer may buy at once, at the amount each; null for one."`
	Questions []questionBody `json:"questions" nullable:"false"`
	Collect   collectBody    `json:"collect"`
	Consent   *consentBody   `json:"consent" doc:"What payers agree to."`
	Marketing *marketingBody `json:"marketing" doc:"Whether the payer wants to be written to."`
	Tip       *tipBody       `json:"tip"`
	CoverFee  *coverFeeBody  `json:"cover_fee"`
}

// ViewOf shows the rules, whose amounts are in c.
func ViewOf(r checkout.Rules, c money.Currency) AskedView {
	v := AskedView{
		Quantity: (*quantityBody)(r.Quantity), Questions: []questionBody{}, Consent: (*consentBody)(r.Consent), Marketing: (*marketingBody)(r.Marketing),
		Tip:     (*tipBody)(r.Tip),
		Collect: collectBody{cmp.Or(r.Collect.Phone, checkout.No), cmp.Or(r.Collect.Address, checkout.No), cmp.Or(r.Collect.Company, checkout.No)},
	}
	for _, q := range r.Questions {
		v.Questions = append(v.Questions, questionBody(q))
	}
	if fee := r.CoverFee; fee != nil {
		fixed := frame.MinorOf(fee.Fixed, c)
		v.CoverFee = &coverFeeBody{Percent: fee.Percent, Fixed: &fixed}
	}
	return v
}
