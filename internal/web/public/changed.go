package public

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// What a form carries of the price that its page showed.
const (
	versionField  = "version" // of what is sold; a form without it comes from no page
	priceField    = "price"   // of one, "" where the payer chose the amount
	currencyField = "price_currency"
)

// opened is what the page said when the payer opened it, as the form brings it back.
type opened struct {
	version, price, currency string
}

// byPage reports whether the form was filled in on a page.
func (o opened) byPage() bool { return o.version != "" }

// changed tells, a sentence for each, what is asked or costs something else than on the page
// that the form was filled in on, and brings the form in line with it. Versions are not
// compared: what doesn't concern the payer changes them too, and a link that begins to sell a
// product has that of the product.
func (p *Public) changed(r *http.Request, o offer.Offer, f *form) (sentences []string) {
	t := p.Localizer(r, &o.Business)
	if f.opened.byPage() {
		sentences = f.priceChanged(t, o)
	}
	name := func(way string) string { return wayName(t, way) }
	sentences = append(sentences, f.asked.Changed(o.AsksIn(t), t, payform.Page{Opened: f.opened.byPage(), Title: o.Title, WayName: name})...)
	if gone := name(p.wayGone(r, o)); f.opened.byPage() && gone != "" {
		sentences = append(sentences, t.T("changed.way_gone", "Way", gone))
	}
	return sentences
}

// priceChanged compares the price, and where the payer chooses it the currency in which they
// typed it.
func (f *form) priceChanged(t i18n.Localizer, o offer.Offer) []string {
	was := f.opened
	switch other := was.currency != "" && was.currency != string(o.Currency); {
	case !o.Fixed && was.price != "":
		if f.Amount == "" && o.Price != nil {
			f.Amount = typedIn(t, *o.Price)
		}
		return []string{t.T("changed.price_open")}
	case !o.Fixed && other:
		return []string{t.T("changed.currency", "Now", string(o.Currency), "Was", was.currency)}
	case !o.Fixed, was.price == o.AskedPrice() && !other:
		return nil
	}
	in := cmp.Or(money.Currency(was.currency), o.Currency)
	before, err := money.Parse(was.price, in)
	if err != nil || !in.Known() {
		return []string{t.T("changed.price_now", "Now", frame.Sum(t, *o.Price))}
	}
	return []string{t.T("changed.price", "Now", frame.Sum(t, *o.Price), "Was", frame.Sum(t, before))}
}

// wayGone is the way to pay that was chosen on the page and can't be chosen any more, "" for
// none.
func (p *Public) wayGone(r *http.Request, o offer.Offer) string {
	sent := r.PostForm[methodField]
	if len(sent) == 0 || o.WayLocked {
		return ""
	}
	way := sent[len(sent)-1]
	if way == "" || way == anyMethod || way == o.Way || p.takesWay(o, way) {
		return ""
	}
	return way
}

// again says that a request is served anew, because what it pays for changed meanwhile.
type again struct{}

// serveAnew serves a form anew whose payment was refused because what is asked changed while
// it was read: now the change is seen, and said.
func (p *Public) serveAnew(w http.ResponseWriter, r *http.Request, o offer.Offer, f form) error {
	if servedAnew(r) {
		return p.showChanged(w, r, o, f, nil)
	}
	return p.dispatch(w, r.WithContext(context.WithValue(r.Context(), again{}, true)))
}

func servedAnew(r *http.Request) bool { return r.Context().Value(again{}) != nil }

// showChanged shows the form again with what changed meanwhile. Nothing was charged, and
// nothing that was typed is lost.
func (p *Public) showChanged(w http.ResponseWriter, r *http.Request, o offer.Offer, f form, sentences []string) error {
	w.Header().Set("Cache-Control", "no-store")
	v := p.payView(r.Context(), p.Localizer(r, &o.Business), o, f)
	v.Anew, v.Changes = true, slices.Compact(sentences)
	v.Personal, v.Embedded = true, r.URL.Query().Has(embedParameter)
	return frame.Render(w, r, http.StatusConflict, payPage(v))
}
