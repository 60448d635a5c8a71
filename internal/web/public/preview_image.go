package public

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/print"
)

// previewImageName is the picture that messengers show of a page.
const previewImageName = "card.png"

// share is what messengers and search engines are told of a page.
type share struct {
	Address string // of the page, absolute
	Card    string // of its picture
	Title   string
	Text    string
	Offer   offer
}

// share tells of an offer. Messengers remember a picture by its address, so
// that has its version in it.
func (p *Public) share(t i18n.Localizer, o offer) *share {
	card := o.path().Below(previewImageName).With("lang", t.Lang(), "v", previewImageVersion(o, t))
	s := &share{Address: p.shown(o, o.path()), Card: p.shown(o, card), Title: o.Title, Text: o.Description, Offer: o}
	switch {
	case s.Text != "":
	case o.Fixed:
		s.Text = t.T("share.pay", "Amount", sum(t, *o.Price), "Business", o.Business.Name)
	default:
		s.Text = t.T("share.choose", "Business", o.Business.Name)
	}
	return s
}

// shown is the address at which the path of the offer is told to the world.
func (p *Public) shown(o offer, path address.Path) string {
	domain := ""
	if o.Link != nil {
		domain = o.Link.Domain
	}
	return p.Addresses.OfLink(string(o.Business.ID), domain, path)
}

// kind is Open Graph's word for the page.
func (s share) kind() string {
	if s.Offer.Product != nil {
		return "product"
	}
	return "website"
}

// path is the offer's own page.
func (o offer) path() address.Path {
	switch {
	case o.Product != nil:
		return address.Product(o.Business.Handle, o.Product.Slug)
	case o.Link != nil:
		return address.Link(o.Business.Handle, o.Link.Path)
	}
	return address.PaymentPage(o.Business.Handle)
}

func previewImageVersion(o offer, t i18n.Localizer) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s %s %s", o.Business.Version, o.Version, o.target(), o.price(), t.Lang()))
	return hex.EncodeToString(sum[:6])
}

// pagePreviewImage, linkPreviewImage and productPreviewImage are the pictures of the three kinds of
// pages. What can't be opened has none.
func (p *Public) pagePreviewImage(w http.ResponseWriter, r *http.Request, at target) error {
	if !at.Business.Page.Enabled {
		return noPreviewImage()
	}
	return p.showPreviewImage(w, r, offerOfPage(at.Business))
}

func (p *Public) linkPreviewImage(w http.ResponseWriter, r *http.Request, at target) error {
	m, err := p.cached.link(r.Context(), at.Business, at.Rest[0])
	if err != nil {
		return err
	}
	if m.RedirectTo != "" {
		return elsewhere(w, r, []string{at.Business.Segment(), m.RedirectTo, previewImageName})
	}
	if !m.Link.Active || m.Link.Amount == nil {
		return noPreviewImage()
	}
	return p.showPreviewImage(w, r, offerOfLink(at.Business, m.Link))
}

func (p *Public) productPreviewImage(w http.ResponseWriter, r *http.Request, at target) error {
	found, err := p.cached.product(r.Context(), at.Business.ID, at.Rest[1])
	if err != nil {
		return err
	}
	if !found.Active {
		return noPreviewImage()
	}
	return p.showPreviewImage(w, r, offerOfProduct(at.Business, found, nil))
}

func noPreviewImage() error { return fault.New(fault.NotFound, "There is no such picture.") }

func (p *Public) showPreviewImage(w http.ResponseWriter, r *http.Request, o offer) error {
	t := p.localizer(r, &o.Business)
	version := previewImageVersion(o, t)
	card, refused, err := p.drawing(w, r, p.pages.previewImages, version, func(ctx context.Context) ([]byte, error) {
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
func (p *Public) sheet(ctx context.Context, t i18n.Localizer, o offer) (print.Sheet, error) {
	s := print.Sheet{
		Business: o.Business.Name, Brand: o.Business.BrandColor, Title: o.Title, Note: o.Description,
		Address: address.Shown(p.shown(o, o.path())), RTL: t.Dir() == "rtl",
	}
	if o.Fixed && o.Price != nil {
		s.Amount = sum(t, *o.Price)
	}
	logo, err := p.logo(ctx, o.Business)
	s.Logo = logo
	return s, err
}

// logo is the file of a business's logo, nil without one.
func (p *Public) logo(ctx context.Context, b business.Business) ([]byte, error) {
	if b.LogoID == "" {
		return nil, nil
	}
	image, err := p.Businesses.Image(ctx, b.ID, b.LogoID)
	return image.Body, err
}
