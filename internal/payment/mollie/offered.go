package mollie

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/offered"
	"smartlinks/internal/payment/provider"
)

// offeredLink is a payment link ("Get payment link").
type offeredLink struct {
	ID            string     `json:"id"`
	Description   string     `json:"description"`
	Amount        *amount    `json:"amount"`        // null where the payer chooses
	MinimumAmount *amount    `json:"minimumAmount"` // of these
	Archived      bool       `json:"archived"`
	Reusable      bool       `json:"reusable"`
	PaidAt        *time.Time `json:"paidAt"`
	ExpiresAt     *time.Time `json:"expiresAt"`
	RedirectURL   string     `json:"redirectUrl"`
	Methods       []string   `json:"allowedMethods"`
	SequenceType  string     `json:"sequenceType"`
	Links         struct {
		PaymentLink struct {
			Href string `json:"href"`
		} `json:"paymentLink"`
	} `json:"_links"`
}

// offeredPage is a page of them ("List payment links").
type offeredPage struct {
	Embedded struct {
		Links []offeredLink `json:"payment_links"`
	} `json:"_embedded"`
	Links struct {
		Next *struct {
			Href string `json:"href"`
		} `json:"next"`
	} `json:"_links"`
}

// maxOfferedPages bounds the pages of 250 links that are read.
const maxOfferedPages = 40

// Offered implements offered.Lister.
func (m *Mollie) Offered(ctx context.Context, a provider.Account, each func(offered.Link) error) error {
	return m.ask(ctx, a, func(key string) error {
		query := url.Values{"limit": {fmt.Sprint(pageSize)}}
		for range maxOfferedPages {
			var p offeredPage
			if err := m.do(ctx, key, call{method: http.MethodGet, path: "/v2/payment-links?" + query.Encode(), out: &p}); err != nil {
				return err
			}
			for _, l := range p.Embedded.Links {
				if err := each(l.link()); err != nil {
					return err
				}
			}
			if p.Links.Next == nil {
				return nil
			}
			next, err := url.Parse(p.Links.Next.Href)
			if err != nil {
				return err
			}
			query.Set("from", next.Query().Get("from")) // never to another host, with the key
		}
		return nil
	})
}

// mostChosen is the most that a payer may choose where the merchant set no bound, in units
// of the currency.
const mostChosen = 10_000

func (l offeredLink) link() offered.Link {
	o := offered.Link{
		ID: l.ID, URL: l.Links.PaymentLink.Href, Path: "pl-" + strings.TrimPrefix(l.ID, "pl_"), Name: l.Description,
		Active: !l.Archived && (l.Reusable || l.PaidAt == nil), Once: !l.Reusable, EndsAt: l.ExpiresAt, RedirectURL: l.RedirectURL,
	}
	if len(l.Methods) > 0 {
		o.Lost = append(o.Lost, "the choice of payment methods")
	}
	asked := l.Amount
	if asked == nil {
		asked = l.MinimumAmount
	}
	switch {
	case l.SequenceType == "first" || l.SequenceType == "recurring":
		o.Cannot = "It starts a subscription, which Smart Links does not collect."
		return o
	case asked == nil:
		o.Cannot = "The payer chooses any amount, and Mollie names no currency. Make the link by hand, with bounds."
		return o
	}
	price, err := asked.money()
	if err != nil {
		o.Cannot = "Its amount can't be read: " + err.Error()
		return o
	}
	o.Amount = &price
	if l.Amount == nil {
		o.Least, o.Most = &price, &money.Amount{Minor: mostOf(price), Currency: price.Currency}
	}
	return o
}

// mostOf is mostChosen in minor units, and never less than the least.
func mostOf(least money.Amount) int64 {
	most := int64(mostChosen)
	for range least.Currency.Decimals() {
		most *= 10
	}
	return max(most, least.Minor)
}
