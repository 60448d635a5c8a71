package public

import (
	"net/http"
	"net/url"
	"slices"

	"smartlinks/internal/checkout"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
)

// methodField is how a payer chooses a way to pay: in the page's own URL, which chooses it
// beforehand, and by a button.
const methodField = "method"

// anyMethod is the button's that leaves the choice to the provider's page.
const anyMethod = "any"

// byProvider reports whether a way of the payment provider's may be chosen.
func (o offer) byProvider() bool {
	_, may := o.Rules.ByProvider()
	return may
}

// withWay is the offer with the way to pay that the URL chooses, or that is the only one.
func (p *Public) withWay(o offer, query url.Values) offer {
	switch way := query.Get(methodField); {
	case !o.byProvider():
		o.Way = banktransfer.Name
	case way != "" && p.takesWay(o, way):
		o.Way, o.WayLocked = way, slices.Contains(lockedIn(query), methodField)
	}
	return o
}

// takesWay reports whether payers of what is offered may choose a way to pay.
func (p *Public) takesWay(o offer, way string) bool {
	if way == banktransfer.Name {
		return o.offersTransfer(o.Currency)
	}
	named, may := o.Rules.ByProvider()
	return may && (named == nil || slices.Contains(named, way)) &&
		slices.ContainsFunc(p.Payments.Ways(o.Business), func(w payment.Way) bool { return w.ID == way })
}

// chosenWay is who moves the money, "" for the business's own provider, and to which way to
// pay its page is held, "" for none. The last word is the button's that was pressed.
func (p *Public) chosenWay(r *http.Request, o offer, c money.Currency) (provider, method string) {
	way := o.Way
	if sent := r.PostForm[methodField]; len(sent) > 0 && !o.WayLocked {
		way = sent[len(sent)-1]
	}
	switch {
	case !o.byProvider(), way == banktransfer.Name && o.offersTransfer(c):
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
	return payment.WayName(way)
}

// hasOtherWays reports whether the payer may pay another way than the one that was chosen
// beforehand.
func (o offer) hasOtherWays() bool {
	named, may := o.Rules.ByProvider()
	return o.Way != "" && !o.WayLocked && may && (len(named) != 1 || o.Way == banktransfer.Name)
}
