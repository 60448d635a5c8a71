package payment

import (
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
)

// Way is a way to pay, by a name that is the same at every provider.
type Way struct{ ID, Name string }

// ways are those that links and addresses may name, as people call them: what a provider
// takes without more than we send it.
var ways = []Way{
	{"card", "Card"}, {"apple_pay", "Apple Pay"}, {"ideal", "iDEAL"}, {"bancontact", "Bancontact"}, {"paypal", "PayPal"}, {"klarna", "Klarna"},
	{"sepa_debit", "SEPA Direct Debit"}, {"pay_by_bank", "Pay by Bank"}, {"eps", "EPS"}, {"przelewy24", "Przelewy24"}, {"blik", "BLIK"}, {"twint", "TWINT"},
	{"swish", "Swish"}, {"vipps", "Vipps"}, {"mobilepay", "MobilePay"}, {"mb_way", "MB WAY"}, {"multibanco", "Multibanco"}, {"bizum", "Bizum"}, {"satispay", "Satispay"},
	{"bancomat_pay", "BANCOMAT Pay"}, {"mybank", "MyBank"}, {"belfius", "Belfius"}, {"kbc", "KBC"}, {"trustly", "Trustly"}, {"paysafecard", "paysafecard"}, {"gift_card", "Gift card"},
	{"revolut_pay", "Revolut Pay"}, {"amazon_pay", "Amazon Pay"}, {"alipay", "Alipay"}, {"link", "Link"}, {"bacs_debit", "Bacs Direct Debit"}, {"us_bank_account", "ACH Direct Debit"},
}

// WayName is a way to pay as people call it, "" for one that nobody has.
func WayName(id string) string {
	for _, w := range ways {
		if w.ID == id {
			return w.Name
		}
	}
	return ""
}

// Chooser is a provider whose checkout can be held to some ways to pay: those that it
// knows. Which of them an account has is told by the provider when it is asked.
type Chooser interface {
	Knows(way string) bool
}

// Ways are the ways to pay that the business's provider knows, all while it has none.
func (p *Payments) Ways(b business.Business) (all []Way) {
	chooser, can := p.Providers[b.Provider].(Chooser)
	for _, w := range ways {
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
		if m == checkout.ByTransfer || m == checkout.ByProvider || slices.ContainsFunc(offered, func(w Way) bool { return w.ID == m }) {
			continue
		}
		ids := make([]string, len(offered), len(offered)+1)
		for i, w := range offered {
			ids[i] = w.ID
		}
		return Called(b.Provider) + " has no way to pay “" + m + "”. Choose from " + strings.Join(append(ids, checkout.ByTransfer), ", ") + "."
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
