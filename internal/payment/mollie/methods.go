package mollie

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/payment/provider"
)

// instantMethods are the ways to pay that confirm while the payer waits, and that
// need nothing which we don't send. Only these are listed for a payment that must
// confirm at once, so that a method that is new at Mollie waits until it was looked at.
const instantMethods = " applepay bancomatpay bancontact belfius bizum blik creditcard eps giftcard ideal kbc mbway mobilepay mybank " +
	"paypal paysafecard przelewy24 satispay swish twint vipps "

// slowMethods may confirm days later: "What are the payment methods' processing times"
// (help.mollie.com/hc/articles/115002540294) for transfers, direct debits and Pay by
// Bank; docs.mollie.com/docs/trustly (a session of 7 days); Multibanco is paid with a
// reference, in days.
const slowMethods = " bacs banktransfer directdebit multibanco paybybank trustly "

// needyMethods need order lines or a billing address, which we don't have ("Create
// payment", lines and billingAddress: required for), or a terminal.
const needyMethods = " alma billie billink in3 klarna pointofsale riverty voucher "

// wallets are what "List payment methods" tells only those who ask for it, by
// includeWallets. Google Pay can't be named in "Create payment", so it is not asked for.
const wallets = "applepay"

func among(list, method string) bool { return strings.Contains(list, " "+method+" ") }

// instant are the ways to pay that the account has for the amount and that confirm at
// once ("List payment methods").
func (m *Mollie) instant(ctx context.Context, key string, o provider.Order) (methods []string, err error) {
	var list struct {
		Embedded struct {
			Methods []struct {
				ID string `json:"id"`
			} `json:"methods"`
		} `json:"_embedded"`
	}
	query := url.Values{"amount[value]": {o.Amount.Decimal()}, "amount[currency]": {string(o.Amount.Currency)}, "includeWallets": {wallets}}
	if err := m.do(ctx, key, call{method: http.MethodGet, path: "/v2/methods?" + query.Encode(), out: &list}); err != nil {
		return nil, err
	}
	for _, method := range list.Embedded.Methods {
		if among(instantMethods, method.ID) {
			methods = append(methods, method.ID)
		}
	}
	if len(methods) == 0 {
		return nil, fmt.Errorf("%w: the account has no way to pay that confirms at once", provider.ErrRefused)
	}
	return methods, nil
}
