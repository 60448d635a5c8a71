package stripe

import (
	"slices"

	"smartlinks/internal/payment/provider"
)

// types are the ways to pay by Stripe's names, of those that Checkout takes for a payment
// without more than we send ("Create a Checkout Session", payment_method_types).
var types = map[string]string{
	"alipay": "alipay", "amazon_pay": "amazon_pay", "bacs_debit": "bacs_debit", "bancontact": "bancontact", "bizum": "bizum", "blik": "blik", "card": "card", "eps": "eps",
	"ideal": "ideal", "klarna": "klarna", "link": "link", "mb_way": "mb_way", "mobilepay": "mobilepay", "multibanco": "multibanco", "pay_by_bank": "pay_by_bank",
	"paypal": "paypal", "przelewy24": "p24", "revolut_pay": "revolut_pay", "satispay": "satispay", "sepa_debit": "sepa_debit", "swish": "swish", "twint": "twint",
	"us_bank_account": "us_bank_account",
}

// Knows implements payment.Chooser.
func (s *Stripe) Knows(way string) bool { return types[way] != "" }

// typesOf are the ways to pay of an order that Stripe knows, and that may be slow.
func typesOf(o provider.Order) (names []string) {
	for _, way := range o.Methods {
		if name := types[way]; name != "" && !(o.InstantOnly && slices.Contains(slowMethods(), name)) {
			names = append(names, name)
		}
	}
	return names
}
