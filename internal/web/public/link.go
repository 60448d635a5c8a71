package public

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
)

// linkPage is /{handle}/{path}: an amount link's own page, or the way to the
// product of a product link.
func (p *Public) linkPage(w http.ResponseWriter, r *http.Request, at place) error {
	m, err := p.match(r, at.Business, at.Rest[0])
	if fault.Is(err, fault.NotFound) {
		return p.notFound(w, r, &at.Business)
	}
	if err != nil {
		return err
	}
	if m.RedirectTo != "" {
		return elsewhere(w, r, []string{at.Business.Handle, m.RedirectTo})
	}
	l := m.Link
	if closed, ok := p.closed(r, at.Business, l); ok {
		return p.showState(w, r, &at.Business, closed)
	}
	if l.Type == link.Product {
		return p.productLink(w, r, at.Business, l)
	}
	o := offerOfLink(at.Business, l)
	if r.Method == http.MethodPost {
		return p.pay(w, r, o)
	}
	return p.open(w, r, o)
}

// match finds the link of a path. What starts a payment reads the database.
func (p *Public) match(r *http.Request, b business.Business, path string) (link.Match, error) {
	if r.Method == http.MethodPost {
		return p.Links.ByPath(r.Context(), b, path)
	}
	return p.known.link(r.Context(), b, path)
}

// closed is the page of a link that takes no payments now. It is not a view:
// nobody could have paid.
func (p *Public) closed(r *http.Request, b business.Business, l link.Link) (state, bool) {
	now, t := p.DB.Clock().Now(), p.texts(r, &b)
	switch {
	case l.Status() == link.Inactive:
		return pausedState(t, b), true
	case l.Status() == link.LimitReached:
		return limitState(t, b, l.Name), true
	case l.Early(now):
		return earlyState(t, b, l), true
	case l.Ended(now):
		return endedState(t, b, l), true
	}
	return state{}, false
}

// productLink records the view at the link's own URL and leads to the product's
// page, which carries the link along, so that the sale is the link's.
func (p *Public) productLink(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link) error {
	found, err := p.productByID(r.Context(), b, l.ProductID)
	if fault.Is(err, fault.NotFound) || err == nil && !found.Active {
		return p.showState(w, r, &b, pausedState(p.texts(r, &b), b))
	}
	if err != nil {
		return err
	}
	o := offerOfProduct(b, found, &l)
	if r.Method == http.MethodPost {
		return p.pay(w, r, o)
	}
	if o = p.bounded(o); o.unpayable() {
		return p.showUnpayable(w, r, o)
	}
	if err := p.record(w, r, o); err != nil {
		return err
	}
	query := r.URL.Query()
	query.Set(linkParameter, l.Path)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, path(b.Handle, "shop", found.Slug)+"?"+query.Encode(), http.StatusFound)
	return nil
}

// linkParameter carries a product link to the product's page.
const linkParameter = "link"

func (p *Public) productByID(ctx context.Context, b business.Business, id product.ID) (product.Product, error) {
	return p.Products.Get(ctx, b.ID, id)
}

// open records the view and shows the page, from what was drawn before unless
// it is filled in for somebody.
func (p *Public) open(w http.ResponseWriter, r *http.Request, o offer) error {
	if o = p.bounded(o); o.unpayable() {
		return p.showUnpayable(w, r, o) // no view: nobody could have paid
	}
	filled, personal := form{}, false
	if r.URL.RawQuery != "" {
		o = o.locked(r.URL.Query())
		filled, personal = p.filled(r, o)
	}
	if err := p.record(w, r, o); err != nil {
		return err
	}
	t := p.texts(r, &o.Business)
	if personal {
		return p.showForm(w, r, http.StatusOK, o, filled)
	}
	page, err := p.pages.page(r.Context(), keyOf(o, t.Lang()), func() templ.Component {
		return payPage(p.payView(r.Context(), t, o, form{}))
	})
	if err != nil {
		return err
	}
	page.send(w, r)
	return nil
}

func keyOf(o offer, language string) pageKey {
	key := pageKey{Target: o.target(), Business: o.Business.Version, Language: language, Amount: o.price()}
	if o.Link != nil {
		key.Version = o.Link.Version
		if o.showsLeft() {
			key.Used = o.Link.Slots.Used
		}
	}
	return key
}

// filled is the form as the URL fills it in: by its own parameters, or with
// what this visitor typed for the attempt that failed.
func (p *Public) filled(r *http.Request, o offer) (form, bool) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return form{}, false
	}
	if id := query.Get(againParameter); id != "" {
		if f, ok := p.typedBefore(r, o, id); ok {
			return f, true
		}
	}
	f, any := prefill(query)
	f.lock(query)
	return f, any || query.Has(embedParameter)
}
