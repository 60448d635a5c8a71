package payment

import (
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/provider"
)

// Ways are the ways to pay that the business's provider knows, all while it has none.
func (p *Payments) Ways(b business.Business) (all []provider.Way) {
	chooser, can := p.Providers[b.Provider].(provider.Chooser)
	for _, w := range provider.Ways {
		if b.Provider == "" || can && chooser.Knows(w.ID) {
			all = append(all, w)
		}
	}
	return all
}

// RefusesWays says which ways to pay of a link the business can't offer, in a sentence for
// its merchant; "" when it can offer them all.
func (p *Payments) RefusesWays(b business.Business, methods []string) string {
	offered := p.Ways(b)
	for _, m := range methods {
		if m == checkout.ByTransfer || m == checkout.ByProvider || slices.ContainsFunc(offered, func(w provider.Way) bool { return w.ID == m }) {
			continue
		}
		ids := make([]string, len(offered), len(offered)+1)
		for i, w := range offered {
			ids[i] = w.ID
		}
		return provider.Called(b.Provider) + " has no way to pay “" + m + "”. Choose from " + strings.Join(append(ids, checkout.ByTransfer), ", ") + "."
	}
	return ""
}

// methods are the ways to pay to which the provider's checkout is held, none for all.
func (r StartRequest) methods() []string {
	switch {
	case r.Provider != "" && r.Provider != r.Business.Provider:
		return nil
	case r.Method != "":
		return []string{r.Method}
	case r.Link == nil:
		return nil
	}
	named, _ := r.Link.Checkout.ByProvider()
	return named
}

// MethodRefused is the code of the field "method" where the provider has none of the ways
// to pay that were asked for.
const MethodRefused = "method.refused"

// refusedWay is what a payer is told where the provider refused an order that was held to
// some ways to pay.
func refusedWay(why error) error {
	var wrong fault.Fields
	wrong.Add("method", MethodRefused, "The payment provider does not offer this way to pay right now. Choose another one, or tell the business.")
	refused := fault.Wrap(why, fault.Invalid, "This way to pay is not available right now. You have not been charged.")
	refused.Fields = wrong
	return refused
}
