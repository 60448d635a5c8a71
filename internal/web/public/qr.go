package public

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/qr"
)

// drawing is a QR code in one of the forms that are offered.
type drawing struct {
	kind string // of its content
	draw func(c qr.Code) ([]byte, error)
}

// qrCode is /{handle}/{path}/qr.png, .svg or .pdf. It leads to the link with a
// marker that counts scans as their own channel, SPEC [L9]. It also exists for
// links that are switched off, so that they can be printed before they open.
func (p *Public) qrCode(w http.ResponseWriter, r *http.Request, at place) error {
	m, err := p.known.link(r.Context(), at.Business, at.Rest[0])
	if fault.Is(err, fault.NotFound) {
		return p.notFound(w, r, &at.Business)
	}
	if err != nil {
		return err
	}
	if m.RedirectTo != "" {
		return elsewhere(w, r, []string{at.Business.Handle, m.RedirectTo, at.Rest[1]})
	}
	form, _ := strings.CutPrefix(at.Rest[1], "qr.")
	d, size, err := drawingOf(form, r.URL.Query().Get("size"), m.Link)
	if fault.Is(err, fault.NotFound) {
		return p.notFound(w, r, &at.Business)
	}
	if err != nil {
		return refuseSize(w, err)
	}
	target := p.PublicURL.JoinPath(at.Business.Handle, m.Link.Path).String() + "?via=qr"
	tag := etag(target, form, size)
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // merchants show it on their own sites
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	code, err := qr.New(target)
	if err != nil {
		return err
	}
	body, err := d.draw(code)
	if err != nil {
		return refuseSize(w, err)
	}
	h.Set("Content-Type", d.kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Content-Disposition", fmt.Sprintf(`inline; filename="%s-%s.%s"`, at.Business.Handle, m.Link.Path, form))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away; nobody is left to tell
	}
	return nil
}

// drawingOf reads the form and the size, in pixels for PNG.
func drawingOf(form, typedSize string, l link.Link) (drawing, int, error) {
	switch form {
	case "png":
		size, err := pixels(typedSize)
		return drawing{"image/png", func(c qr.Code) ([]byte, error) { return c.PNG(size) }}, size, err
	case "svg":
		return drawing{"image/svg+xml", func(c qr.Code) ([]byte, error) { return c.SVG(), nil }}, 0, nil
	case "pdf":
		return drawing{"application/pdf", func(c qr.Code) ([]byte, error) { return c.PDF(qr.DefaultMillimetres, l.CreatedAt) }}, 0, nil
	}
	return drawing{}, 0, fault.New(fault.NotFound, "There is no such form of a QR code.")
}

func pixels(typed string) (int, error) {
	if typed == "" {
		return qr.DefaultSize, nil
	}
	size, err := strconv.Atoi(typed)
	if err != nil || size < qr.MinSize || size > qr.MaxSize {
		return 0, &qr.SizeError{Min: qr.MinSize, Max: qr.MaxSize}
	}
	return size, nil
}

// refuseSize says which sizes there are. Programs and image tags ask for codes,
// so it is plain text.
func refuseSize(w http.ResponseWriter, err error) error {
	var size *qr.SizeError
	if !errors.As(err, &size) {
		return err
	}
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, size.Error(), http.StatusUnprocessableEntity)
	return nil
}

func etag(target, form string, size int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", target, form, size))
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
