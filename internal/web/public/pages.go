package public

import (
	"context"

	"github.com/a-h/templ"

	"smartlinks/internal/cache"
	"smartlinks/internal/web/public/frame"
)

// pages keeps pages that were drawn, as they are the same for everybody who
// sees the same version in the same language.
type pages struct {
	rendered cache.Cache[pageKey, frame.RenderedPage]
}

// pageKey is all that a page depends on. A change makes a new key, so nothing
// needs to be dropped; what is no longer asked for makes room.
type pageKey struct {
	Target           string
	Version          int64 // of the link; 0 for a payment page
	Business         int64 // the version of the business
	Language, Amount string
	Codes            bool   // it asks for one
	Used             int64  // payments that the page tells of
	Host, Shown      string // where it is looked at, and where it is told to be
}

// keptPages bounds the bytes of all drawn pages.
const keptPages = 32 << 20

func newPages() *pages {
	return &pages{
		rendered: cache.NewWeighted[pageKey](keptPages, frame.RenderedPage.Size),
	}
}

// page is the page of the key, drawn when it isn't there.
func (p *pages) page(ctx context.Context, key pageKey, draw func() templ.Component) (frame.RenderedPage, error) {
	if d, ok := p.rendered.Get(key); ok {
		return d, nil
	}
	d, err := frame.Draw(ctx, draw())
	if err != nil {
		return frame.RenderedPage{}, err
	}
	p.rendered.Put(key, d)
	return d, nil
}
