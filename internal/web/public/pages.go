package public

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/cache"
)

// pages keeps pages that were drawn, as they are the same for everybody who
// sees the same version in the same language.
type pages struct {
	rendered      cache.Cache[pageKey, renderedPage]
	stylesheets   cache.Cache[string, renderedPage] // stylesheets with pictures, by version
	previewImages *drawingCache                     // what messengers show, by version
	codes         *drawingCache                     // codes with a logo, and posters
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

// renderedPage is a page, plain and compressed, with the mark by which browsers ask
// whether theirs is still the present one.
type renderedPage struct {
	plain, gzipped []byte
	etag           string
}

// keptPages bounds the bytes of all drawn pages.
const keptPages = 32 << 20

func newPages() *pages {
	return &pages{
		rendered:      cache.NewWeighted[pageKey](keptPages, func(d renderedPage) int { return len(d.plain) + len(d.gzipped) }),
		stylesheets:   cache.New[string, renderedPage](keptStylesheets),
		previewImages: newDrawingCache(),
		codes:         newDrawingCache(),
	}
}

// keptStylesheets is how many stylesheets with pictures are kept, of 60 KB each.
const keptStylesheets = 100

// page is the page of the key, drawn when it isn't there.
func (p *pages) page(ctx context.Context, key pageKey, draw func() templ.Component) (renderedPage, error) {
	if d, ok := p.rendered.Get(key); ok {
		return d, nil
	}
	var plain bytes.Buffer
	if err := draw().Render(ctx, &plain); err != nil {
		return renderedPage{}, err
	}
	d := renderedPage{plain: plain.Bytes(), gzipped: compressed(plain.Bytes()), etag: mark(plain.Bytes())}
	p.rendered.Put(key, d)
	return d, nil
}

// mark is weak, as the page may be compressed on its way.
func mark(plain []byte) string {
	sum := sha256.Sum256(plain)
	return `W/"` + hex.EncodeToString(sum[:8]) + `"`
}

func compressed(plain []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(plain) // a bytes.Buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// send answers with the page in the form that the browser takes.
func (d renderedPage) send(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("ETag", d.etag)
	if strings.Contains(r.Header.Get("If-None-Match"), d.etag) {
		w.Header().Add("Vary", "Accept-Encoding")
		w.Header().Set("Cache-Control", "private, no-cache")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	send(w, r, http.StatusOK, d.choose(w, r))
}

// choose is the form that the browser takes.
func (d renderedPage) choose(w http.ResponseWriter, r *http.Request) []byte {
	w.Header().Add("Vary", "Accept-Encoding")
	accepted := r.Header.Get("Accept-Encoding")
	if !strings.Contains(accepted, "gzip") || strings.Contains(accepted, "gzip;q=0") {
		return d.plain
	}
	w.Header().Set("Content-Encoding", "gzip")
	return d.gzipped
}
