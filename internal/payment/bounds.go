package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

// Bounds are what the business's provider charges in a currency.
func (p *Payments) Bounds(b business.Business, c money.Currency) provider.Bounds {
	return p.boundsOf(b.Provider, c)
}

func (p *Payments) boundsOf(providerName string, c money.Currency) provider.Bounds {
	if bounder, can := p.Providers[providerName].(provider.Bounder); can {
		bounds := bounder.Bounds(c)
		bounds.Currency = c
		return bounds
	}
	return provider.Bounds{Currency: c}
}

// Accepts says why the business's provider can't charge an amount, in a sentence for
// the merchant who asks it; "" when it can, or nobody is connected yet.
func (p *Payments) Accepts(b business.Business, a money.Amount) string {
	if refusal := p.Bounds(b, a.Currency).Refuse(a); refusal != nil {
		return refusal.Merchant(b.Provider)
	}
	return ""
}

// Uncharged says why nobody can pay a link, in a sentence for its merchant: the
// provider charges none of the amounts that it asks. "" when it does. Links are saved
// before a provider is connected, and stay when another one is.
func (p *Payments) Uncharged(b business.Business, l link.Link) string {
	if l.PayerAmount == nil {
		return p.UnchargedUnits(b, l.Price(), l.Asks())
	}
	return p.uncharged(b, l.Price(), &l.PayerAmount.Min, &l.PayerAmount.Max, l.Asks())
}

// UnchargedUnits says the same of a price and of how many units of it payers buy.
func (p *Payments) UnchargedUnits(b business.Business, price money.Amount, rules checkout.Rules) string {
	if _, _, refusal := p.Bounds(b, price.Currency).Units(price, rules.Least(), rules.Most()); refusal != nil {
		return refusal.Merchant(b.Provider)
	}
	return ""
}

func (p *Payments) uncharged(b business.Business, price money.Amount, least, most *money.Amount, rules checkout.Rules) string {
	if least == nil || most == nil || !b.Page.PayerAmount {
		return p.UnchargedUnits(b, price, rules)
	}
	bounds := p.Bounds(b, price.Currency)
	for _, end := range []struct {
		a    money.Amount
		code string
	}{{*most, provider.BelowLeast}, {*least, provider.AboveMost}} {
		if refusal := bounds.Refuse(end.a); refusal != nil && (refusal.Code == end.code || refusal.Code == provider.NoCurrency) {
			return refusal.Merchant(b.Provider)
		}
	}
	return ""
}

// quantityRulesSQL are the rules in a column where they may say how many units are bought,
// so that others are counted together.
func quantityRulesSQL(column string) string {
	return `CASE WHEN ` + column + ` LIKE '%"quantity":%' THEN ` + column + ` ELSE '' END`
}

// CountUncharged counts the active links and products whose amounts the business's
// provider doesn't charge. It reads each of their amounts once: for the page of the
// providers, not for every page.
func (p *Payments) CountUncharged(ctx context.Context, b business.Business) (links, products int64, err error) {
	if _, bounded := p.Providers[b.Provider].(provider.Bounder); !bounded {
		return 0, 0, nil
	}
	var asked []struct {
		Links       int64
		Products    int64
		Minor       int64
		Currency    money.Currency
		Least, Most *int64
		Asks, Sold  checkout.Rules // of the link, of its product
	}
	err = p.DB.Select(ctx, &asked, `
		SELECT COUNT(*) AS links, 0 AS products, `+link.PriceSQL+` AS minor, `+link.CurrencySQL+` AS currency,
			l.payer_min_minor AS least, l.payer_max_minor AS most,
			`+quantityRulesSQL("l.checkout")+` AS asks, `+quantityRulesSQL("COALESCE(p.checkout, '')")+` AS sold
		FROM links l LEFT JOIN products p ON p.id = l.product_id
		WHERE l.business_id = $1 AND l.deleted_at IS NULL AND l.active GROUP BY 3, 4, 5, 6, 7, 8
		UNION ALL
		SELECT 0, COUNT(*), price_minor, currency, NULL, NULL, `+quantityRulesSQL("checkout")+`, '' FROM products
		WHERE business_id = $1 AND deleted_at IS NULL AND active GROUP BY 3, 4, 7`, b.ID)
	for _, one := range asked {
		in := func(minor *int64) *money.Amount {
			if minor == nil {
				return nil
			}
			return &money.Amount{Minor: *minor, Currency: one.Currency}
		}
		if p.uncharged(b, *in(&one.Minor), in(one.Least), in(one.Most), one.Asks.Over(one.Sold)) != "" {
			links, products = links+one.Links, products+one.Products
		}
	}
	return links, products, err
}
