package api

import (
	"cmp"
	"maps"
	"slices"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
)

// AskedBody is what links and products ask of their payers, as programs write it.
type AskedBody struct {
	Quantity  optional[quantityBody]   `json:"quantity" required:"false" doc:"How many units a payer may buy at once, at the amount each; null for one."`
	Questions optional[[]questionBody] `json:"questions" required:"false" doc:"Up to ten questions; null or an empty list for none."`
	Collect   optional[collectBody]    `json:"collect" required:"false" doc:"What is asked beside questions; null for nothing."`
	Consent   optional[consentBody]    `json:"consent" required:"false" doc:"What payers agree to; null for nothing."`
	Marketing optional[marketingBody]  `json:"marketing" required:"false" doc:"Asks whether the payer wants to be written to; never ticked beforehand. null for not asking."`
	Tip       optional[tipBody]        `json:"tip" required:"false" doc:"A voluntary extra; null for none."`
	CoverFee  optional[coverFeeBody]   `json:"cover_fee" required:"false" doc:"Lets payers take over what the payment costs you; null for not."`
}

// CheckoutBody is what a link asks of its payers, as programs write it.
type CheckoutBody struct {
	AskedBody
	Methods  optional[[]string]          `json:"methods" required:"false" doc:"The only ways to pay, of those that your payment provider has: card, ideal, bancontact and so on; provider for all of them, bank_transfer for a transfer to your own account. null or an empty list for every way." example:"[\"ideal\",\"card\"]"`
	Metadata optional[map[string]string] `json:"metadata" required:"false" doc:"Up to 50 pairs of yours: keys of 40, values of 500 characters. They go with every payment, and to the provider as far as they fit."`
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
	Percent string  `json:"percent,omitempty" example:"1.5" doc:"A decimal string."`
	Fixed   *amount `json:"fixed,omitempty" doc:"Per payment."`
}

// edit changes what the body says something of.
func (in AskedBody) edit(c money.Currency, wrong *fault.Fields) func(*checkout.Rules) {
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
			for _, q := range value(in.Questions.Value) {
				to.Questions = append(to.Questions, checkout.Question(q))
			}
		}
		if in.Collect.Sent {
			to.Collect = checkout.Collect(value(in.Collect.Value))
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

// edit changes what the body says something of.
func (in CheckoutBody) edit(c money.Currency, wrong *fault.Fields) func(*checkout.Rules) {
	asked := in.AskedBody.edit(c, wrong)
	return func(to *checkout.Rules) {
		asked(to)
		if in.Methods.Sent {
			to.Methods = value(in.Methods.Value)
		}
		if in.Metadata.Sent {
			to.Metadata = nil
			pairs := value(in.Metadata.Value)
			for _, key := range slices.Sorted(maps.Keys(pairs)) {
				to.Metadata = append(to.Metadata, checkout.Pair{Name: key, Value: pairs[key]})
			}
		}
	}
}

func (in *coverFeeBody) read(c money.Currency, wrong *fault.Fields) *checkout.CoverFee {
	if in == nil {
		return nil
	}
	fee := &checkout.CoverFee{Percent: in.Percent}
	if fixed := in.Fixed.read("cover_fee.fixed", c, wrong); fixed != nil {
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

// CheckoutView is what a link asks of its payers, as programs read it.
type CheckoutView struct {
	AskedView
	Methods  []string          `json:"methods" nullable:"false" doc:"The only ways to pay; empty for every way."`
	Metadata map[string]string `json:"metadata" nullable:"false" doc:"Pairs of yours."`
}

func checkoutView(l link.Link) CheckoutView {
	return CheckoutView{AskedView: askedView(l.Checkout, l.Price().Currency), Metadata: pairsOf(l.Checkout.Metadata), Methods: append([]string{}, l.Checkout.Methods...)}
}

// askedView shows the rules, whose amounts are in c.
func askedView(r checkout.Rules, c money.Currency) AskedView {
	v := AskedView{
		Quantity: (*quantityBody)(r.Quantity), Questions: []questionBody{}, Consent: (*consentBody)(r.Consent), Marketing: (*marketingBody)(r.Marketing),
		Tip:     (*tipBody)(r.Tip),
		Collect: collectBody{cmp.Or(r.Collect.Phone, checkout.No), cmp.Or(r.Collect.Address, checkout.No), cmp.Or(r.Collect.Company, checkout.No)},
	}
	for _, q := range r.Questions {
		v.Questions = append(v.Questions, questionBody(q))
	}
	if fee := r.CoverFee; fee != nil {
		fixed := minorOf(fee.Fixed, c)
		v.CoverFee = &coverFeeBody{Percent: fee.Percent, Fixed: &fixed}
	}
	return v
}

func pairsOf(pairs []checkout.Pair) map[string]string {
	all := map[string]string{}
	for _, p := range pairs {
		all[p.Name] = p.Value
	}
	return all
}
