package drawing

import (
	"context"
	"net/http"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/print"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// PagePreviewImage is the picture of a payment page. What can't be opened has none.
func (p *Drawings) PagePreviewImage(w http.ResponseWriter, r *http.Request, b business.Business) error {
	if !b.Page.Enabled {
		return noPreviewImage()
	}
	return p.showPreviewImage(w, r, offer.OfPage(b))
}

// LinkPreviewImage is the picture of an amount link's page.
func (p *Drawings) LinkPreviewImage(w http.ResponseWriter, r *http.Request, b business.Business, path string) error {
	m, err := p.known.Link(r.Context(), b, path)
	if err != nil {
		return err
	}
	if m.RedirectTo != "" {
		return frame.Elsewhere(w, r, []string{b.Segment(), m.RedirectTo, offer.PreviewImageName})
	}
	if !m.Link.Active || m.Link.Amount == nil {
		return noPreviewImage()
	}
	return p.showPreviewImage(w, r, offer.OfLink(b, m.Link))
}

// ProductPreviewImage is the picture of a product's page.
func (p *Drawings) ProductPreviewImage(w http.ResponseWriter, r *http.Request, b business.Business, slug string) error {
	found, err := p.known.Product(r.Context(), b.ID, slug)
	if err != nil {
		return err
	}
	if !found.Active {
		return noPreviewImage()
	}
	return p.showPreviewImage(w, r, offer.OfProduct(b, found, nil))
}

func noPreviewImage() error { return fault.New(fault.NotFound, "There is no such picture.") }

func (p *Drawings) showPreviewImage(w http.ResponseWriter, r *http.Request, o offer.Offer) error {
	t := p.Localizer(r, &o.Business)
	version := o.PreviewImageVersion(t)
	card, refused, err := p.drawing(w, r, p.previewImages, version, func(ctx context.Context) ([]byte, error) {
		sheet, err := p.sheet(ctx, t, o)
		if err != nil {
			return nil, err
		}
		return print.Card(sheet)
	})
	if err != nil || refused {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	if card != nil { // else it is a HEAD of what nobody has drawn
		h.Set("Content-Length", strconv.Itoa(len(card)))
	}
	h.Set("Cache-Control", "public, max-age=300")
	if r.URL.Query().Get("v") == version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // messengers show it on their own sites
	if r.Method != http.MethodHead {
		_, _ = w.Write(card) // the client went away; nobody is left to tell
	}
	return nil
}

// sheet is what pictures and posters show of an offer.
func (p *Drawings) sheet(ctx context.Context, t i18n.Localizer, o offer.Offer) (print.Sheet, error) {
	s := print.Sheet{
		Business: o.Business.Name, Brand: o.Business.BrandColor, Title: o.Title, Note: o.Description,
		Address: address.Shown(o.Shown(p.Addresses, o.Path())), RTL: t.Dir() == "rtl",
	}
	if o.Fixed && o.Price != nil {
		s.Amount = frame.Sum(t, *o.Price)
	}
	logo, err := p.logo(ctx, o.Business)
	s.Logo = logo
	return s, err
}

// logo is the file of a business's logo, nil without one.
func (p *Drawings) logo(ctx context.Context, b business.Business) ([]byte, error) {
	if b.LogoID == "" {
		return nil, nil
	}
	image, err := p.Businesses.Image(ctx, b.ID, b.LogoID)
	return image.Body, err
}
