package paymentpage

import (
	"context"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/public/frame"
)

// signed is the merchant's address with what was paid, and signatures by the
// business's secret over it. The address keeps its own query as it is, but for
// parameters that have the names of ours.
func (p *Pages) signed(ctx context.Context, b business.Business, v history.View, address string) (string, error) {
	values := []string{string(v.ID), string(v.LinkID), v.Amount.Decimal(), string(v.Amount.Currency), string(history.StatusPaid), v.PaidAt.UTC().Format(time.RFC3339)}
	signature, err := p.Businesses.Sign(ctx, b.ID, strings.Join(values, "|"))
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	came := frame.CameWith(v.Answers)
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
