package public

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
)

// known is what pages have read before and nobody has changed since.
type known struct {
	c          Config
	businesses *shelf[string, business.ID, business.Business]
	links      *shelf[linkName, link.ID, knownLink]
	products   *shelf[productName, product.ID, product.Product]
}

// linkName finds a link. Its slots are of one mode, so that is part of it.
type linkName struct {
	Business business.ID
	Mode     business.Mode
	Path     string
}

// knownLink is a link with the mode that its slots were read in, or the path to
// go to, which is never kept: a new link may take the old path at any time.
type knownLink struct {
	link.Match
	Mode business.Mode
}

type productName struct {
	Business business.ID
	Slug     string
}

// How many of each are kept. A link is about 1 KB.
const (
	keptBusinesses = 2_000
	keptLinks      = 10_000
	keptProducts   = 5_000
)

func newKnown(c Config) *known {
	return &known{
		c:          c,
		businesses: newShelf[string, business.ID](keptBusinesses, func(b business.Business, handle string) bool { return b.Handle == handle }),
		links: newShelf[linkName, link.ID](keptLinks, func(l knownLink, name linkName) bool {
			return linkName{l.Link.BusinessID, l.Mode, l.Link.Path} == name
		}),
		products: newShelf[productName, product.ID](keptProducts, func(p product.Product, name productName) bool {
			return productName{p.BusinessID, p.Slug} == name
		}),
	}
}

// changed forgets what a notice names.
func (k *known) changed(topic, key string) {
	switch topic {
	case "business":
		k.businesses.forget(business.ID(key))
	case "link":
		k.links.forget(link.ID(key))
	case "product":
		k.products.forget(product.ID(key))
	case "*":
		k.businesses.forgetAll()
		k.links.forgetAll()
		k.products.forgetAll()
	}
}

// readPatience bounds the reading of what is shown: while the database is away,
// what is known is shown soon.
const readPatience = 2 * time.Second

// business is Businesses.ByHandle.
func (k *known) business(ctx context.Context, handle string) (business.Business, string, error) {
	movedTo := ""
	b, err := k.businesses.find(handle, func() (business.ID, business.Business, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		b, to, err := k.c.Businesses.ByHandle(ctx, handle)
		movedTo = to
		return b.ID, b, to == "", err
	})
	return b, movedTo, err
}

// link is Links.ByPath.
func (k *known) link(ctx context.Context, b business.Business, path string) (link.Match, error) {
	found, err := k.links.find(linkName{b.ID, b.Mode, path}, func() (link.ID, knownLink, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		m, err := k.c.Links.ByPath(ctx, b, path)
		return m.Link.ID, knownLink{m, b.Mode}, m.RedirectTo == "", err
	})
	return found.Match, err
}

// product is Products.BySlug.
func (k *known) product(ctx context.Context, id business.ID, slug string) (product.Product, error) {
	return k.products.find(productName{id, slug}, func() (product.ID, product.Product, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		p, err := k.c.Products.BySlug(ctx, id, slug)
		return p.ID, p, true, err
	})
}
