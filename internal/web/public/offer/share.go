package offer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"smartlinks/internal/address"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/public/frame"
)

// PreviewImageName is the picture that messengers show of a page.
const PreviewImageName = "card.png"

// ForSharing tells of an offer. Messengers remember a picture by its address, so
// that has its version in it.
func (o Offer) ForSharing(t i18n.Localizer, book address.Book) *frame.Share {
	card := o.Path().Below(PreviewImageName).With("lang", t.Lang(), "v", o.PreviewImageVersion(t))
	s := &frame.Share{Address: o.Shown(book, o.Path()), Card: o.Shown(book, card), Title: o.Title, Text: o.Description, Product: o.Product != nil}
	if o.Fixed {
		s.Price = o.Price
	}
	switch {
	case s.Text != "":
	case o.Fixed:
		s.Text = t.T("share.pay", "Amount", frame.Sum(t, *o.Price), "Business", o.Business.Name)
	default:
		s.Text = t.T("share.choose", "Business", o.Business.Name)
	}
	return s
}

// Shown is the address at which the path of the offer is told to the world.
func (o Offer) Shown(book address.Book, path address.Path) string {
	domain := ""
	if o.Link != nil {
		domain = o.Link.Domain
	}
	return book.OfLink(string(o.Business.ID), domain, path)
}

// Path is the offer's own page.
func (o Offer) Path() address.Path {
	switch {
	case o.Product != nil:
		return address.Product(o.Business.Handle, o.Product.Slug)
	case o.Link != nil:
		return address.Link(o.Business.Handle, o.Link.Path)
	}
	return address.PaymentPage(o.Business.Handle)
}

// PreviewImageVersion names all that the picture of the page shows.
func (o Offer) PreviewImageVersion(t i18n.Localizer) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s %s %s", o.Business.Version, o.Version, o.Target(), o.AskedPrice(), t.Lang()))
	return hex.EncodeToString(sum[:6])
}
