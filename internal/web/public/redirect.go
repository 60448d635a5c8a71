package public

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/web/payform"
)

// signed is the merchant's address with what was paid, and signatures by the
// business's secret over it. The address keeps its own query as it is, but for
// parameters that have the names of ours.
func (p *Public) signed(ctx context.Context, b business.Business, v payment.View, address string) (string, error) {
	values := []string{string(v.ID), string(v.LinkID), v.Amount.Decimal(), string(v.Amount.Currency), string(payment.StatusPaid), v.PaidAt.UTC().Format(time.RFC3339)}
	signature, err := p.Businesses.Sign(ctx, b.ID, strings.Join(values, "|"))
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	came := cameWith(v.Answers)
	var names []string
	for _, c := range came {
		names = append(names, c.Name)
	}
	parts := link.OwnQuery(u.RawQuery, names...)
	add := func(name, value string) { parts = append(parts, name+"="+url.QueryEscape(value)) }
	members := link.RedirectMembers()
	for i, value := range values {
		add(members[i], value)
	}
	for _, c := range came {
		add(c.Name, c.Value)
	}
	add(members[len(values)], signature)
	u.RawQuery = strings.Join(parts, "&")
	return u.String(), nil
}

// cameWith is what the address said for the merchant's own programs when a payment began:
// client_reference_id first, and utm_….
func cameWith(a checkout.Answers) []checkout.Pair {
	if a.Reference == "" {
		return a.Campaign
	}
	return append([]checkout.Pair{{Name: payform.ReferenceParameter, Value: a.Reference}}, a.Campaign...)
}

// saidBy is the same of an address that is asked for, as mail services mark those in mails.
func saidBy(r *http.Request) (a checkout.Answers) {
	a.Reference, a.Campaign = payform.Attribution(r.URL.Query())
	return a
}

// goOn is an address on which a payer goes on with what they began. It says what the first
// one said for the merchant's own programs, because the next attempt is for the same order.
func goOn(to address.Path, a checkout.Answers, parameters url.Values) address.Path {
	for _, c := range cameWith(a) {
		parameters.Set(c.Name, c.Value)
	}
	return to.WithQuery(parameters.Encode())
}
