package public

import (
	"net/http"

	"smartlinks/internal/address"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// paymentPage is /{handle}.
func (p *Public) paymentPage(w http.ResponseWriter, r *http.Request, at target) error {
	if !at.Business.Page.Enabled {
		return p.ShowState(w, r, &at.Business, pageOffState(p.Localizer(r, &at.Business), at.Business))
	}
	if r.Method == http.MethodPost {
		return p.pay(w, r, offer.OfPage(at.Business))
	}
	if slug := r.URL.Query().Get("product"); slug != "" {
		return p.toProduct(w, r, at, slug)
	}
	return p.open(w, r, offer.OfPage(at.Business))
}

// toProduct leads ?product=… to the product's page, with the other parameters.
func (p *Public) toProduct(w http.ResponseWriter, r *http.Request, at target, slug string) error {
	if !frame.Plain(slug) {
		return p.NotFound(w, r, &at.Business)
	}
	found, err := p.cached.Product(r.Context(), at.Business.ID, slug)
	if fault.Is(err, fault.NotFound) || err == nil && !found.Active {
		return p.NotFound(w, r, &at.Business)
	}
	if err != nil {
		return err
	}
	query := r.URL.Query()
	query.Del("product")
	to := address.Product(at.Business.Segment(), found.Slug).String()
	if rest := query.Encode(); rest != "" {
		to += "?" + rest
	}
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

// amountPage is /{handle}/12.50: the payment page with that amount. Where the
// amount is outside what the page takes, the payer chooses another.
func (p *Public) amountPage(w http.ResponseWriter, r *http.Request, at target) error {
	amount, err := money.ParseTyped(at.Rest[0], at.Business.Currency)
	if err != nil {
		return p.NotFound(w, r, &at.Business)
	}
	if !at.Business.Page.Enabled {
		return p.ShowState(w, r, &at.Business, pageOffState(p.Localizer(r, &at.Business), at.Business))
	}
	o := p.bounded(offer.OfPage(at.Business))
	o.Price, o.Fixed, o.Asked = &amount, o.Takes(amount), amount.Decimal()
	switch {
	case r.Method == http.MethodPost:
		return p.pay(w, r, o)
	case !o.Fixed && !o.Unpayable():
		f := form{Amount: amount.Decimal()}
		f.checkBounds(o, amount)
		return p.showForm(w, r, http.StatusOK, o, f)
	}
	return p.open(w, r, o)
}
