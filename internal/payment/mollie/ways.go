package mollie

import (
	"fmt"
	"slices"
	"strings"

	"smartlinks/internal/payment/provider"
)

// names are the ways to pay by Mollie's names, of those that need no billing address
// ("Create payment", method).
var names = map[string]string{
	"apple_pay": "applepay", "bancomat_pay": "bancomatpay", "bancontact": "bancontact", "belfius": "belfius", "bizum": "bizum", "blik": "blik", "card": "creditcard", "eps": "eps",
	"gift_card": "giftcard", "ideal": "ideal", "kbc": "kbc", "mb_way": "mbway", "mobilepay": "mobilepay", "multibanco": "multibanco", "mybank": "mybank", "pay_by_bank": "paybybank",
	"paypal": "paypal", "paysafecard": "paysafecard", "przelewy24": "przelewy24", "satispay": "satispay", "swish": "swish", "trustly": "trustly", "twint": "twint", "vipps": "vipps",
}

// Knows implements payment.Chooser.
func (m *Mollie) Knows(way string) bool { return names[way] != "" }

// only are the ways to pay of an order; of those which confirm at once the ones that are
// instant, where they must.
func only(o provider.Order, instant []string) (methods []string, err error) {
	for _, way := range o.Methods {
		if name := names[way]; name != "" && (!o.InstantOnly || slices.Contains(instant, name)) {
			methods = append(methods, name)
		}
	}
	if len(methods) == 0 {
		return nil, fmt.Errorf("%w: the account has none of the link's ways to pay: %s", provider.ErrRefused, strings.Join(o.Methods, ", "))
	}
	return methods, nil
}
