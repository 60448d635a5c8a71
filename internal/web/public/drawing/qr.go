package drawing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/qr"
	"smartlinks/internal/web/print"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// wanted is a QR code as it is asked for: its form, ?size= and ?logo=.
type wanted struct {
	form  string // png, svg or pdf
	size  int    // of a PNG, in pixels
	paper *print.Paper
	logo  bool
}

// QRCode is /{handle}/{path}/qr.png, .svg or .pdf. It leads to the link with a
// marker that counts scans as their own channel. It also exists for
// links that are switched off, so that they can be printed before they open.
func (p *Drawings) QRCode(w http.ResponseWriter, r *http.Request, b business.Business, path, file string) error {
	m, err := p.known.Link(r.Context(), b, path)
	if fault.Is(err, fault.NotFound) {
		return p.NotFound(w, r, &b)
	}
	if err != nil {
		return err
	}
	if m.RedirectTo != "" {
		return frame.Elsewhere(w, r, []string{b.Segment(), m.RedirectTo, file})
	}
	form, _ := strings.CutPrefix(file, "qr.")
	want, err := wantedOf(form, r.URL.Query())
	if fault.Is(err, fault.NotFound) {
		return p.NotFound(w, r, &b)
	}
	if err != nil {
		return refuseSize(w, err)
	}
	return p.showCode(w, r, b, m.Link, want)
}

func (p *Drawings) showCode(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link, want wanted) error {
	t := p.Localizer(r, &b)
	if !r.URL.Query().Has("lang") {
		t = p.OwnLocalizer(b) // it is printed for others, not for who asks
	}
	target, o := p.Addresses.OfLink(string(b.ID), l.Domain, address.Link(b.Handle, l.Path).With(frame.ViaParameter, "qr")), offerOfCode(b, l)
	code, err := want.code(target)
	if err != nil {
		return refuseSize(w, err)
	}
	key := keyOfCode(target, want, o, t)
	h, tag := w.Header(), `"`+key[:16]+`"`
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		setCodeHeaders(h, tag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	var body []byte
	if want.costly() {
		refused := false
		body, refused, err = p.drawing(w, r, p.codes, key, func(ctx context.Context) ([]byte, error) {
			return p.drawCode(ctx, t, o, code, want)
		})
		if refused {
			return nil
		}
	} else {
		body, err = drawPlain(code, want, l.CreatedAt)
	}
	if err != nil {
		return err
	}
	setCodeHeaders(h, tag)
	name := strings.TrimSuffix(b.Handle+"-"+l.Path+"-"+want.paperName(), "-")
	h.Set("Content-Type", map[string]string{"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}[want.form])
	h.Set("Content-Disposition", fmt.Sprintf(`inline; filename="%s.%s"`, name, want.form))
	if body != nil { // else it is a HEAD of what nobody has drawn
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away; nobody is left to tell
	}
	return nil
}

func setCodeHeaders(h http.Header, tag string) {
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // merchants show it on their own sites
}

// costly tells what takes long to draw and shows more than the address.
func (w wanted) costly() bool { return w.logo || w.paper != nil }

// code is the code that is drawn. The error is a *qr.SizeError when it needs more pixels
// than are asked for.
func (w wanted) code(target string) (qr.Code, error) {
	draw := qr.New
	if w.logo && w.paper == nil {
		draw = qr.NewForLogo
	}
	code, err := draw(target)
	if err == nil && w.form == "png" && w.size < code.Edge() {
		return code, &qr.SizeError{Min: code.Edge(), Max: qr.MaxSize}
	}
	return code, err
}

// drawPlain draws a code alone, which is asked for most and takes a millisecond.
func drawPlain(code qr.Code, want wanted, at time.Time) ([]byte, error) {
	switch want.form {
	case "png":
		return code.PNG(want.size)
	case "svg":
		return code.SVG(), nil
	}
	return code.PDF(qr.DefaultMillimetres, at)
}

// drawCode draws a code with a logo, or a poster.
func (p *Drawings) drawCode(ctx context.Context, t i18n.Localizer, o offer.Offer, code qr.Code, want wanted) ([]byte, error) {
	sheet, err := p.sheet(ctx, t, o)
	if err != nil {
		return nil, err
	}
	at := o.Link.CreatedAt
	if want.paper != nil {
		return print.Poster(sheet, posterWords(t), code, *want.paper, at)
	}
	switch logo := print.Tile(sheet, logoTile); want.form {
	case "png":
		return code.PNGWithLogo(want.size, logo)
	case "svg":
		return code.SVGWithLogo(logo)
	default:
		return code.PDFWithLogo(qr.DefaultMillimetres, at, logo)
	}
}

// logoTile is the side of a logo within a code, in pixels.
const logoTile = 256

// offerOfCode is what a poster tells of a link, also of one that sells a product.
func offerOfCode(b business.Business, l link.Link) offer.Offer {
	o := offer.OfLink(b, l)
	if price := l.Price(); l.Type == link.Product {
		o.Price = &price
	}
	o.Description = l.Description // the payment page's own is no line for a poster
	return o
}

func posterWords(t i18n.Localizer) print.PosterWords {
	return print.PosterWords{
		Scan: t.T("poster.scan"), Steps: [3]string{t.T("poster.camera"), t.T("poster.point"), t.T("poster.pay")},
		Type: t.T("poster.type"), By: t.T("frame.powered_by"),
	}
}

// wantedOf reads the form and the size: pixels for a PNG, paper for a poster.
func wantedOf(form string, query url.Values) (wanted, error) {
	want := wanted{form: form, logo: query.Get("logo") != "" && query.Get("logo") != "0"}
	typed := query.Get("size")
	switch form {
	case "png":
		size, err := pixels(typed)
		want.size = size
		return want, err
	case "svg":
		return want, nil
	case "pdf":
		if typed == "" {
			return want, nil
		}
		paper, ok := print.PaperOf(typed)
		want.paper = &paper
		if !ok {
			return want, &paperError{}
		}
		return want, nil
	}
	return wanted{}, fault.New(fault.NotFound, "There is no such form of a QR code.")
}

func (w wanted) paperName() string {
	if w.paper == nil {
		return ""
	}
	return w.paper.Name
}

// paperError says which posters there are.
type paperError struct{}

func (*paperError) Error() string { return "Choose the size a4, a5 or a6 for a poster." }

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
	var paper *paperError
	if !errors.As(err, &size) && !errors.As(err, &paper) {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	return nil
}
