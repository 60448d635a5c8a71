package frame

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/a-h/templ"
)

// RenderedPage is a page, plain and compressed, with the mark by which browsers ask
// whether theirs is still the present one.
type RenderedPage struct {
	plain, gzipped []byte
	etag           string
}

// Draw is a page as it is kept.
func Draw(ctx context.Context, page templ.Component) (RenderedPage, error) {
	var plain bytes.Buffer
	if err := page.Render(ctx, &plain); err != nil {
		return RenderedPage{}, err
	}
	return kept(plain.Bytes()), nil
}

// kept is a page, or a stylesheet, that was made before.
func kept(plain []byte) RenderedPage {
	return RenderedPage{plain: plain, gzipped: compressed(plain), etag: mark(plain)}
}

// Size is how much of memory it takes, in bytes.
func (d RenderedPage) Size() int { return len(d.plain) + len(d.gzipped) }

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

// Send answers with the page in the form that the browser takes.
func (d RenderedPage) Send(w http.ResponseWriter, r *http.Request) {
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
func (d RenderedPage) choose(w http.ResponseWriter, r *http.Request) []byte {
	w.Header().Add("Vary", "Accept-Encoding")
	accepted := r.Header.Get("Accept-Encoding")
	if !strings.Contains(accepted, "gzip") || strings.Contains(accepted, "gzip;q=0") {
		return d.plain
	}
	w.Header().Set("Content-Encoding", "gzip")
	return d.gzipped
}
