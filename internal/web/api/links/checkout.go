package links

import (
	"maps"
	"slices"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/api/asking"
	"smartlinks/internal/web/api/frame"
)

// CheckoutBody is what a link asks of its payers, as programs write it.
type CheckoutBody struct {
	asking.AskedBody
	Methods  frame.Optional[[]string]          `json:"methods" required:"false" doc:"The only ways to pay, of those that your payment provider has: card, ideal, bancontact and so on; provider for all of them, bank_transfer for a transfer to your own account. null or an empty list for every way." example:"[\"ideal\",\"card\"]"`
	Metadata frame.Optional[map[string]string] `json:"metadata" required:"false" doc:"Up to 50 pairs of yours: keys of 40, values of 500 characters. They go with every payment, and to the provider as far as they fit."`
}

// edit changes what the body says something of.
func (in CheckoutBody) edit(c money.Currency, wrong *fault.Fields) func(*checkout.Rules) {
	asked := in.AskedBody.Edit(c, wrong)
	return func(to *checkout.Rules) {
		asked(to)
		if in.Methods.Sent {
			to.Methods = frame.ValueOf(in.Methods.Value)
		}
		if in.Metadata.Sent {
			to.Metadata = nil
			pairs := frame.ValueOf(in.Metadata.Value)
			for _, key := range slices.Sorted(maps.Keys(pairs)) {
				to.Metadata = append(to.Metadata, checkout.Pair{Name: key, Value: pairs[key]})
			}
		}
	}
}

// CheckoutView is what a link asks of its payers, as programs read it.
type CheckoutView struct {
	asking.AskedView
	Methods  []string          `json:"methods" nullable:"false" doc:"The only ways to pay; empty for every way."`
	Metadata map[string]string `json:"metadata" nullable:"false" doc:"Pairs of yours."`
}

func checkoutView(l link.Link) CheckoutView {
	return CheckoutView{AskedView: asking.ViewOf(l.Checkout, l.Price().Currency), Metadata: frame.PairsOf(l.Checkout.Metadata), Methods: append([]string{}, l.Checkout.Methods...)}
}
