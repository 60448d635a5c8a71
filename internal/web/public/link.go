package public

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// linkPage is /{handle}/{path}: an amount link's own page, or the way to the
// product of a product link.
func (p *Public) linkPage(w http.ResponseWriter, r *http.Request, at target) error {
	m, err := p.match(r, at)
	if fault.Is(err, fault.NotFound) {
		return p.NotFound(w, r, &at.Business)
	}
	if err != nil {
		return err
	}
	if m.RedirectTo != "" {
		return frame.Elsewhere(w, r, []string{at.Business.Segment(), m.RedirectTo})
	}
	l := m.Link
	if done, err := p.join(w, r, at.Business, l); done || err != nil {
		return err
	}
	if p.endedOffer(w, r, l) {
		return nil
	}
	if closed, ok := p.closed(r, at.Business, l); ok {
		return p.showClosed(w, r, at.Business, l, closed)
	}
	if l.Type == link.Product {
		return p.productLink(w, r, at.Business, l)
	}
	o := offer.OfLink(at.Business, l)
	if r.Method == http.MethodPost {
		return p.pay(w, r, o)
	}
	return p.open(w, r, o)
}

// match finds the link of a path. What starts a payment reads the database.
func (p *Public) match(r *http.Request, at target) (link.Match, error) {
	switch {
	case at.ahead != nil:
		return at.ahead.Match(r.Context())
	case r.Method == http.MethodPost:
		return p.Links.ByPath(r.Context(), at.Business, at.Rest[0])
	}
	return p.cached.Link(r.Context(), at.Business, at.Rest[0])
}

// closed is the page of a link that takes no payments now. It is not a view:
// nobody could have paid.
func (p *Public) closed(r *http.Request, b business.Business, l link.Link) (frame.State, bool) {
	t := p.Localizer(r, &b)
	switch l.State(p.DB.Clock().Now()) {
	case link.Inactive:
		return pausedState(t, b), true
	case link.Active, link.LimitReached:
		e, kept := p.offerOf(r, l)
		switch {
		case kept && l.Open(p.DB.Clock().Now()):
			return tooFewState(t, r, b, l, e), tooFew(l, e)
		case l.Status() == link.LimitReached:
			return limitState(t, b, l.Name), true
		}
	case link.Early:
		return earlyState(t, b, l), true
	case link.Ended:
		return endedState(t, b, l), true
	}
	return frame.State{}, false
}

// productLink records the view at the link's own URL and leads to the product's
// page, which carries the link along, so that the sale is the link's.
func (p *Public) productLink(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link) error {
	found, err := p.productByID(r.Context(), b, l.ProductID)
	if fault.Is(err, fault.NotFound) || err == nil && !found.Active {
		return p.ShowState(w, r, &b, pausedState(p.Localizer(r, &b), b))
	}
	if err != nil {
		return err
	}
	o := offer.OfProduct(b, found, &l)
	if r.Method == http.MethodPost {
		return p.pay(w, r, o)
	}
	if o = p.bounded(o); o.Unpayable() {
		return p.showUnpayable(w, r, o)
	}
	if err := p.arrivals.Record(w, r, o); err != nil {
		return err
	}
	query := r.URL.Query()
	query.Set(frame.LinkParameter, l.Path)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, address.Product(b.Segment(), found.Slug).WithQuery(query.Encode()).String(), http.StatusFound)
	return nil
}

func (p *Public) productByID(ctx context.Context, b business.Business, id product.ID) (product.Product, error) {
	return p.Products.Get(ctx, b.ID, id)
}

// open records the view and shows the page, from what was drawn before unless
// it is filled in for somebody.
func (p *Public) open(w http.ResponseWriter, r *http.Request, o offer.Offer) error {
	if o = p.withKept(r, p.withWay(p.bounded(o), r.URL.Query())); o.Unpayable() {
		return p.showUnpayable(w, r, o) // no view: nobody could have paid
	}
	o = p.withCodes(r, o)
	filled, personal := form{asked: o.NothingTyped()}, false
	if r.URL.RawQuery != "" {
		o = o.Locked(r.URL.Query())
		filled, personal = p.filled(r, o)
		personal = personal || r.URL.Query().Has(methodField)
	}
	if err := p.arrivals.Record(w, r, o); err != nil {
		return err
	}
	if done, err := p.showOwn(w, r, o, filled, personal); done || err != nil {
		return err
	}
	if e, kept := p.keptFor(r, o); kept {
		return p.showOffer(w, r, o, filled, e)
	}
	t := p.Localizer(r, &o.Business)
	if personal {
		return p.showForm(w, r, http.StatusOK, o, filled)
	}
	key := keyOf(o, t.Lang())
	key.Shown = o.Shown(p.Addresses, o.Path())
	page, err := p.pages.page(r.Context(), key, func() templ.Component {
		return payPage(p.payView(r.Context(), t, o, form{asked: o.NothingTyped()}))
	})
	if err != nil {
		return err
	}
	page.Send(w, r)
	return nil
}

// showOwn shows a visitor who has something going what that is; false when they
// see what everybody does.
func (p *Public) showOwn(w http.ResponseWriter, r *http.Request, o offer.Offer, filled form, personal bool) (bool, error) {
	is, err := p.payerStatusOf(r, o)
	if err != nil { // the page wins: paying again asks anew
		p.Log.WarnContext(r.Context(), "what the payer has going can't be read", "error", err)
		return false, nil
	}
	if done, err := p.showOwnState(w, r, o, is, http.StatusOK); done || err != nil {
		return true, err
	}
	if o.Link != nil && o.Link.AllHeld() && is.Mine.Open == nil { // one of them is not theirs
		if _, kept := p.keptFor(r, o); !kept {
			return true, p.showAllHeld(w, r, o)
		}
	}
	filled, what := p.fill(r, o, is, filled, personal)
	if what == nil {
		return false, nil
	}
	if e, kept := p.keptFor(r, o); kept { // that counts, not that an earlier hold is over
		return true, p.showOffer(w, r, o, filled, e)
	}
	return true, p.showFormTelling(w, r, http.StatusOK, o, filled, what)
}

// showAllHeld tells that others are paying for all that is left.
func (p *Public) showAllHeld(w http.ResponseWriter, r *http.Request, o offer.Offer) error {
	if o.Link != nil {
		if done, err := p.showUsedOffer(w, r, o.Business, *o.Link); done || err != nil {
			return err
		}
	}
	taken := slotTakenState(p.Localizer(r, &o.Business), o, r.URL.RequestURI())
	if r.Method != http.MethodPost {
		taken.Status = http.StatusOK // nothing was asked for that can't be had
	}
	if o.Link != nil {
		taken.Join = p.joining(r.Context(), o.Business, *o.Link, taken)
	}
	return p.ShowState(w, r, &o.Business, taken)
}

func keyOf(o offer.Offer, language string) pageKey {
	key := pageKey{Host: o.Business.Host, Target: o.Target(), Business: o.Business.Version, Language: language, Amount: o.AskedPrice(), Codes: o.Codes}
	if o.Link != nil {
		key.Version = o.Link.Version
		if o.ShowsLeft() || o.Link.Limit.ByUnits() {
			key.Used = o.Link.Counted().Used
		}
	}
	return key
}

// filled is the form as the URL's parameters fill it in.
func (p *Public) filled(r *http.Request, o offer.Offer) (form, bool) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return form{asked: o.NothingTyped()}, false
	}
	f, any := prefill(query)
	f.lock(query)
	if e, kept := p.keptFor(r, o); kept && !query.Has(payform.QuantityField) {
		query.Set(payform.QuantityField, waitedFor(o, e))
	}
	asked, more := payform.Prefilled(query, o.AsksIn(p.Localizer(r, &o.Business)))
	f.asked, any = asked, any || more
	p.readCode(r, o, &f)
	return f, any || query.Has(embedParameter)
}
