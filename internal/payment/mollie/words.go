package mollie

import (
	"strings"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

// locale is the language of the checkout page, one of those in "Create payment";
// Mollie has no Arabic and takes the browser's then.
func locale(language string) string {
	switch language {
	case "en":
		return "en_US"
	case "nl", "de", "fr", "es":
		return language + "_" + strings.ToUpper(language)
	}
	return ""
}

// methodName is a method as people call it ("Payment methods").
func methodName(method string) string {
	switch method {
	case "":
		return ""
	case "ideal":
		return "iDEAL"
	case "creditcard":
		return "Card"
	case "bancontact":
		return "Bancontact"
	case "banktransfer":
		return "Bank transfer"
	case "directdebit":
		return "SEPA Direct Debit"
	case "paypal":
		return "PayPal"
	case "applepay":
		return "Apple Pay"
	case "eps", "kbc", "twint", "blik":
		return strings.ToUpper(method)
	}
	return strings.ToUpper(method[:1]) + method[1:]
}

// currencies are those of docs.mollie.com/docs/multicurrency, as of July 2026.
const currencies = " AED AUD BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS ISK JPY MXN MYR NOK NZD PHP PLN RON SEK SGD THB TWD USD ZAR "

// Bounds implements payment.Bounder. The least and the most are by method and account
// (docs.mollie.com/reference/list-methods, minimumAmount and maximumAmount; most methods
// begin at 0.01): what no method takes Mollie refuses itself.
func (m *Mollie) Bounds(c money.Currency) provider.Bounds {
	return provider.Bounds{Lacking: !strings.Contains(currencies, " "+string(c)+" ")}
}
