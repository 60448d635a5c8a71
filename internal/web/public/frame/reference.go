package frame

import (
	"net/http"
	"net/url"

	"smartlinks/internal/address"
	"smartlinks/internal/checkout"
	"smartlinks/internal/web/payform"
)

// CameWith is what the address said for the merchant's own programs when a payment began:
// client_reference_id first, and utm_….
func CameWith(a checkout.Answers) []checkout.Pair {
	if a.Reference == "" {
		return a.Campaign
	}
	return append([]checkout.Pair{{Name: payform.ReferenceParameter, Value: a.Reference}}, a.Campaign...)
}

// SaidBy is the same of an address that is asked for, as mail services mark those in mails.
func SaidBy(r *http.Request) (a checkout.Answers) {
	a.Reference, a.Campaign = payform.Attribution(r.URL.Query())
	return a
}

// GoOn is an address on which a payer goes on with what they began. It says what the first
// one said for the merchant's own programs, because the next attempt is for the same order.
func GoOn(to address.Path, a checkout.Answers, parameters url.Values) address.Path {
	for _, c := range CameWith(a) {
		parameters.Set(c.Name, c.Value)
	}
	return to.WithQuery(parameters.Encode())
}
