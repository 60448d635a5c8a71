package public

import (
	"context"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
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
	parts := link.OwnQuery(u.RawQuery)
	for i, name := range link.RedirectMembers() {
		parts = append(parts, name+"="+url.QueryEscape(append(values, signature)[i]))
	}
	u.RawQuery = strings.Join(parts, "&")
	return u.String(), nil
}
