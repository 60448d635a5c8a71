package public

import (
	"context"
	"io"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/offer"
)

// Preview writes the page that payers of the link will see, in the language of
// the business, for whoever makes the link: it may not be stored yet, and lack
// what a stored one has. Nothing is recorded. Of a product link it is the
// product's page, whose name, text and picture win over the link's.
func (p *Public) Preview(ctx context.Context, w io.Writer, b business.Business, l link.Link) error {
	o := offer.OfLink(b, l)
	if l.Type == link.Product {
		if found, err := p.productByID(ctx, b, l.ProductID); err == nil {
			o = offer.OfProduct(b, found, &l)
		}
	}
	if o.Price == nil {
		o.Price = &money.Amount{Minor: l.Price().Minor, Currency: l.Currency} // of a product that is not there yet
	}
	asked, _ := payform.Prefilled(nil, o.Asks())
	v := p.payView(ctx, p.OwnLocalizer(b), o, form{asked: asked})
	v.Script, v.Index, v.Inert = false, false, true
	return payPage(v).Render(ctx, w)
}
