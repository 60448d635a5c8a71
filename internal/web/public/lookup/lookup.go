// Package lookup keeps what payers' pages have read, until somebody changes it.
package lookup

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/cache"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
)

// Lookup is what pages have read before and nobody has changed since.
type Lookup struct {
	stores     Stores
	businesses cache.Named[string, business.ID, business.Business]
	byID       cache.Named[business.ID, business.ID, business.Business] // at own domains
	links      cache.Named[linkName, link.ID, cachedLink]
	products   cache.Named[productName, product.ID, product.Product]
	codes      cache.Named[business.ID, business.ID, coupon.Reach]
}

// linkName finds a link. Its slots are of one mode, so that is part of it.
type linkName struct {
	Business business.ID
	Mode     business.Mode
	Path     string
}

// cachedLink is a link with the mode that its slots were read in, or the path to
// go to, which is never kept: a new link may take the old path at any time.
type cachedLink struct {
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

// Stores are what is read.
type Stores struct {
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Coupons    *coupon.Coupons
}

// New returns an empty one.
func New(from Stores) *Lookup {
	return &Lookup{
		stores: from,
		businesses: cache.NewNamed[string, business.ID](cache.NamedConfig[string, business.Business]{
			Size: keptBusinesses, Stale: unreadable,
			Matches: func(b *business.Business, handle string) bool { return b.Handle == handle },
		}),
		byID: cache.NewNamed[business.ID, business.ID](cache.NamedConfig[business.ID, business.Business]{
			Size: keptBusinesses, Stale: unreadable,
			Matches: func(b *business.Business, id business.ID) bool { return b.ID == id },
		}),
		links: cache.NewNamed[linkName, link.ID](cache.NamedConfig[linkName, cachedLink]{
			Size: keptLinks, Stale: unreadable,
			Matches: func(l *cachedLink, name linkName) bool {
				return linkName{l.Link.BusinessID, l.Mode, l.Link.Path} == name
			},
		}),
		codes: cache.NewNamed[business.ID, business.ID](cache.NamedConfig[business.ID, coupon.Reach]{
			Size: keptBusinesses, Stale: unreadable,
			Matches: func(r *coupon.Reach, id business.ID) bool { return r.Business == id },
		}),
		products: cache.NewNamed[productName, product.ID](cache.NamedConfig[productName, product.Product]{
			Size: keptProducts, Stale: unreadable,
			Matches: func(p *product.Product, name productName) bool { return productName{p.BusinessID, p.Slug} == name },
		}),
	}
}

// unreadable reports whether reading failed because of the database, which may be away.
// Then the last known page is better than none: nothing is sold by it, because payments
// read the database.
func unreadable(err error) bool {
	var said *fault.Error
	return errors.Is(err, db.ErrAway) || !errors.As(err, &said)
}

// Changed drops what a notice names.
func (c *Lookup) Changed(topic, key string) {
	switch topic {
	case "business":
		c.businesses.Invalidate(business.ID(key))
		c.byID.Invalidate(business.ID(key))
	case "link":
		c.links.Invalidate(link.ID(key))
	case coupon.Topic:
		c.codes.Invalidate(business.ID(key))
	case "product":
		c.products.Invalidate(product.ID(key))
	case "*":
		c.businesses.InvalidateAll()
		c.byID.InvalidateAll()
		c.links.InvalidateAll()
		c.products.InvalidateAll()
		c.codes.InvalidateAll()
	}
}

// readPatience bounds the reading of what is shown: while the database is away,
// what is cached is shown soon.
const readPatience = 2 * time.Second

// Business is Businesses.ByHandle.
func (c *Lookup) Business(ctx context.Context, handle string) (business.Business, string, error) {
	movedTo := ""
	b, err := c.businesses.Find(handle, func() (business.ID, business.Business, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		b, to, err := c.stores.Businesses.ByHandle(ctx, handle)
		movedTo = to
		return b.ID, b, to == "", err
	})
	return b, movedTo, err
}

// BusinessByID is Businesses.ByID.
func (c *Lookup) BusinessByID(ctx context.Context, id business.ID) (business.Business, error) {
	return c.byID.Find(id, func() (business.ID, business.Business, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		b, err := c.stores.Businesses.ByID(ctx, id)
		return b.ID, b, true, err
	})
}

// Link is Links.ByPath.
func (c *Lookup) Link(ctx context.Context, b business.Business, path string) (link.Match, error) {
	found, err := c.links.Find(linkName{b.ID, b.Mode, path}, func() (link.ID, cachedLink, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		m, err := c.stores.Links.ByPath(ctx, b, path)
		return m.Link.ID, cachedLink{m, b.Mode}, m.RedirectTo == "", err
	})
	return found.Match, err
}

// Reach is for what a business has codes.
func (c *Lookup) Reach(ctx context.Context, id business.ID) (coupon.Reach, error) {
	return c.codes.Find(id, func() (business.ID, coupon.Reach, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		r, err := c.stores.Coupons.ReachOf(ctx, id)
		return id, r, true, err
	})
}

// Product is Products.BySlug.
func (c *Lookup) Product(ctx context.Context, id business.ID, slug string) (product.Product, error) {
	return c.products.Find(productName{id, slug}, func() (product.ID, product.Product, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, readPatience)
		defer cancel()
		p, err := c.stores.Products.BySlug(ctx, id, slug)
		return p.ID, p, true, err
	})
}
