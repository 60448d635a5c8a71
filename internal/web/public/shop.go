package public

import (
	"net/http"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// productsPerPage is a page of the shop.
const productsPerPage = 24

// shop is /{handle}/shop: what the business sells. Opening it is no view,
// because nothing there can be paid.
func (p *Public) shop(w http.ResponseWriter, r *http.Request, at target) error {
	items, next, err := p.Products.List(r.Context(), at.Business.ID, product.Filter{
		ActiveOnly: true, Cursor: r.URL.Query().Get("after"), Limit: productsPerPage,
	})
	if fault.Is(err, fault.Invalid) { // a cursor that isn't ours
		return p.NotFound(w, r, &at.Business)
	}
	if err != nil {
		return err
	}
	t := p.Localizer(r, &at.Business)
	v := shopView{Frame: p.KeepingQuery(p.Frame(t, &at.Business, t.T("shop.title", "Business", at.Business.Name)), r), Items: items}
	if next != "" {
		query := r.URL.Query()
		query.Set("after", next)
		v.Next = "?" + query.Encode()
	}
	v.Index = true
	return frame.Render(w, r, http.StatusOK, shopPage(v))
}

// productPage is /{handle}/shop/{product}. A product link carries itself along.
func (p *Public) productPage(w http.ResponseWriter, r *http.Request, at target) error {
	found, err := p.product(r, at)
	if fault.Is(err, fault.NotFound) || err == nil && !found.Active {
		return p.NotFound(w, r, &at.Business)
	}
	if err != nil {
		return err
	}
	l, err := p.carried(r, at.Business, found)
	if err != nil {
		return err
	}
	if l != nil {
		if done, err := p.join(w, r, at.Business, *l); done || err != nil {
			return err
		}
		if p.endedOffer(w, r, *l) {
			return nil
		}
		if closed, ok := p.closed(r, at.Business, *l); ok {
			return p.showClosed(w, r, at.Business, *l, closed)
		}
	}
	o := offer.OfProduct(at.Business, found, l)
	if r.Method == http.MethodPost {
		return p.pay(w, r, o)
	}
	if o = p.withKept(r, p.bounded(o)); o.Unpayable() {
		return p.showUnpayable(w, r, o)
	}
	if l == nil { // a link's view was recorded at its own URL
		if err := p.arrivals.Record(w, r, o); err != nil {
			return err
		}
	}
	o = p.withCodes(r, o.Locked(r.URL.Query()))
	filled, personal := p.filled(r, o)
	if done, err := p.showOwn(w, r, o, filled, personal); done || err != nil {
		return err
	}
	if e, kept := p.keptFor(r, o); kept {
		return p.showOffer(w, r, o, filled, e)
	}
	return p.showForm(w, r, http.StatusOK, o, filled)
}

func (p *Public) product(r *http.Request, at target) (product.Product, error) {
	if r.Method == http.MethodPost {
		return p.Products.BySlug(r.Context(), at.Business.ID, at.Rest[1])
	}
	return p.cached.Product(r.Context(), at.Business.ID, at.Rest[1])
}

// carried is the product link that led here; nil without one, and for one that
// sells something else.
func (p *Public) carried(r *http.Request, b business.Business, sold product.Product) (*link.Link, error) {
	name := r.URL.Query().Get(frame.LinkParameter)
	if !startsWithLetter(name) || !frame.Plain(name) {
		return nil, nil
	}
	m, err := p.match(r, target{Business: b, Rest: []string{name}})
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil || m.RedirectTo != "" || m.Link.ProductID != sold.ID {
		return nil, err
	}
	l := m.Link.Selling(sold.Checkout)
	return &l, nil
}

// showImage serves a picture of a product, or a logo. A picture never changes: a new one has
// a new id.
func (p *Public) showImage(w http.ResponseWriter, r *http.Request) error {
	owner := r.PathValue("business")
	if !id.Valid("biz", owner) || frame.Foreign(r, business.ID(owner)) {
		return fault.New(fault.NotFound, "There is no such picture.")
	}
	image, err := p.Businesses.Image(r.Context(), business.ID(owner), r.PathValue("image"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", image.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(image.Body)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.Method != http.MethodHead {
		_, _ = w.Write(image.Body) // the client went away; nobody is left to tell
	}
	return nil
}
