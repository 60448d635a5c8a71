package public

import (
	"net/http"
	"net/url"
	"slices"

	"smartlinks/internal/checkout"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/web/public/offer"
)

// methodField is how a payer chooses a way to pay: in the page's own URL, which chooses it
// beforehand, and by a button.
const methodField = "method"

// anyMethod is the button's that leaves the choice to the provider's page.
const anyMethod = "any"

// withWay is the offer with the way to pay that the URL chooses, or that is the only one.
func (p *Public) withWay(o offer.Offer, query url.Values) offer.Offer {
	switch way := query.Get(methodField); {
	case !o.ByProvider():
		o.Way = banktransfer.Name
	case way != "" && p.takesWay(o, way):
		o.Way, o.WayLocked = way, slices.Contains(offer.LockedIn(query), methodField)
	}
	return o
}

// takesWay reports whether payers of what is offered may choose a way to pay.
func (p *Public) takesWay(o offer.Offer, way string) bool {
	if way == banktransfer.Name {
		return o.OffersTransfer(o.Currency)
	}
	named, may := o.Rules.ByProvider()
	return may && (named == nil || slices.Contains(named, way)) &&
		slices.ContainsFunc(p.Payments.Ways(o.Business), func(w provider.Way) bool { return w.ID == way })
}

// chosenWay is who moves the money, "" for the business's own provider, and to which way to
// pay its page is held, "" for none. The last word is the button's that was pressed.
func (p *Public) chosenWay(r *http.Request, o offer.Offer, c money.Currency) (provider, method string) {
	way := o.Way
	if sent := r.PostForm[methodField]; len(sent) > 0 && !o.WayLocked {
		way = sent[len(sent)-1]
	}
	switch {
	case !o.ByProvider(), way == banktransfer.Name && o.OffersTransfer(c):
		return banktransfer.Name, ""
	case way != banktransfer.Name && p.takesWay(o, way):
		return "", way
	}
	return "", ""
}

// wayName is a way to pay in the payer's language.
func wayName(t i18n.Localizer, way string) string {
	switch way {
	case banktransfer.Name:
		return t.T("way.transfer")
	case "card":
		return t.T("way.card")
	case "gift_card":
		return t.T("way.gift_card")
	case checkout.ByProvider:
		return t.T("way.provider")
	}
	return provider.WayName(way)
}
