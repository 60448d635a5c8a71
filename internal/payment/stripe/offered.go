package stripe

import (
	"context"
	"net/url"
	"path"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/offered"
	"smartlinks/internal/payment/provider"
)

// Offered implements offered.Lister ("List all payment links").
func (s *Stripe) Offered(ctx context.Context, a provider.Account, each func(offered.Link) error) error {
	return s.ask(ctx, a, func(client *api.Client) error {
		params := &api.PaymentLinkListParams{}
		params.Limit = api.Int64(pageSize)
		params.AddExpand("data.line_items")
		for l, err := range client.V1PaymentLinks.List(ctx, params) {
			if err != nil {
				return err
			}
			if err := each(offeredOf(l)); err != nil {
				return err
			}
		}
		return nil
	})
}

// mostChosen is the most that a payer may choose where the merchant set no bound, in units
// of the currency.
const mostChosen = 10_000

func offeredOf(l *api.PaymentLink) offered.Link {
	o := offered.Link{ID: l.ID, URL: l.URL, Active: l.Active}
	if u, err := url.Parse(l.URL); err == nil {
		o.Path = path.Base(u.Path)
	}
	if r := l.Restrictions; r != nil && r.CompletedSessions != nil {
		// What was paid there is paid.
		if o.Max = r.CompletedSessions.Limit - r.CompletedSessions.Count; o.Max < 1 {
			o.Max, o.Active = 1, false
		}
	}
	if after := l.AfterCompletion; after != nil && after.Redirect != nil {
		o.RedirectURL = after.Redirect.URL
	}
	o.Lost = lostOf(l)
	items := []*api.LineItem(nil)
	if l.LineItems != nil {
		items = l.LineItems.Data
	}
	if len(items) > 0 {
		o.Name = items[0].Description
	}
	switch {
	case l.SubscriptionData != nil || len(items) > 0 && items[0].Price != nil && items[0].Price.Recurring != nil:
		o.Cannot = "It sells a subscription, which Smart Links does not collect."
	case len(items) != 1 || l.LineItems.HasMore:
		o.Cannot = "It sells several things at once. Make a link for each, or one for all of them."
	case items[0].Price == nil:
		o.Cannot = "Its price is gone at Stripe."
	default:
		priced(&o, items[0])
	}
	return o
}

// lostOf names what a link of ours does not take over.
func lostOf(l *api.PaymentLink) (lost []string) {
	for what, there := range map[string]bool{
		"promotion codes": l.AllowPromotionCodes, "shipping": l.ShippingAddressCollection != nil || len(l.ShippingOptions) > 0,
		"own fields": len(l.CustomFields) > 0, "optional items": len(l.OptionalItems) > 0, "the choice of payment methods": len(l.PaymentMethodTypes) > 0,
		"automatic tax": l.AutomaticTax != nil && l.AutomaticTax.Enabled,
	} {
		if there {
			lost = append(lost, what)
		}
	}
	return lost
}

// priced notes what the one thing costs.
func priced(o *offered.Link, item *api.LineItem) {
	currency := string(item.Price.Currency)
	if item.AdjustableQuantity != nil && item.AdjustableQuantity.Enabled {
		o.Lost = append(o.Lost, "the choice of a quantity")
	}
	chosen := item.Price.CustomUnitAmount
	if chosen == nil {
		a, err := amountOf(item.Price.UnitAmount*max(item.Quantity, 1), currency)
		if err != nil {
			o.Cannot = "Its price can't be asked here: " + err.Error()
			return
		}
		o.Amount = &a
		return
	}
	c, err := money.ReadCurrency(currency)
	if err != nil {
		o.Cannot = "Its price can't be asked here: " + err.Error()
		return
	}
	one := shift(1, decimals(c))
	bounds := [3]int64{max(chosen.Minimum, one), max(chosen.Maximum, chosen.Minimum), chosen.Preset}
	if chosen.Maximum == 0 {
		bounds[1] = mostChosen * one
	}
	if bounds[2] == 0 {
		bounds[2] = bounds[0]
	}
	var read [3]money.Amount
	for i, units := range bounds {
		if read[i], err = amountOf(units, currency); err != nil {
			o.Cannot = "Its bounds can't be asked here: " + err.Error()
			return
		}
	}
	o.Least, o.Most, o.Amount = &read[0], &read[1], &read[2]
}
