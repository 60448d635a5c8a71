package stripe

import (
	"strings"

	api "github.com/stripe/stripe-go/v84"
)

// locale is the language of the checkout page. Stripe has no Arabic one.
func locale(language string) string {
	switch language {
	case "en", "nl", "de", "fr", "es":
		return language
	}
	return "auto"
}

// slowMethods are the ways to pay that confirm hours or days later ("Payment
// method support": payment notification delayed).
func slowMethods() []string {
	return []string{
		"acss_debit", "au_becs_debit", "bacs_debit", "boleto", "customer_balance", "konbini", "multibanco", "nz_bank_account",
		"oxxo", "sepa_debit", "sofort", "us_bank_account",
	}
}

// lower is how Stripe writes a currency.
func lower[T ~string](c T) string { return strings.ToLower(string(c)) }

// ascii reports whether Stripe takes an address: it knows no other letters.
func ascii(s string) bool {
	for _, r := range s {
		if r > '~' {
			return false
		}
	}
	return s != ""
}

// methodOf names how was paid, as people call it.
func methodOf(charge *api.Charge) string {
	if charge == nil || charge.PaymentMethodDetails == nil {
		return ""
	}
	details := charge.PaymentMethodDetails
	switch details.Type {
	case "card":
		if details.Card != nil && details.Card.Brand != "" {
			return capital(string(details.Card.Brand))
		}
		return "Card"
	case "ideal":
		return "iDEAL"
	case "sepa_debit":
		return "SEPA Direct Debit"
	case "eps", "blik", "p24":
		return strings.ToUpper(string(details.Type))
	}
	return capital(strings.ReplaceAll(string(details.Type), "_", " "))
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
