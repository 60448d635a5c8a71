package public

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/qr"
	"smartlinks/internal/web/print"
	"smartlinks/internal/web/ui/i18n"
)

// wanted is a QR code as it is asked for: its form, ?size= and ?logo=.
type wanted struct {
	form  string // png, svg or pdf
	size  int    // of a PNG, in pixels
	paper *print.Paper
	logo  bool
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
	want, err := wantedOf(form, r.URL.Query())
	if fault.Is(err, fault.NotFound) {
		return p.notFound(w, r, &at.Business)
	}
	if err != nil {
		return refuseSize(w, err)
	}
	return p.showCode(w, r, at.Business, m.Link, want)
}

func (p *Public) showCode(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link, want wanted) error {
	t := p.texts(r, &b)
	if !r.URL.Query().Has("lang") {
		t = p.tongue.choose(wish{locale: b.Locale}) // it is printed for others, not for who asks
	}
	target := p.PublicURL.JoinPath(b.Handle, l.Path).String() + "?via=qr"
	tag := etag(target, want, b, l, t)
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // merchants show it on their own sites
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, err := p.drawCode(r.Context(), t, b, l, target, want)
	if err != nil {
		return refuseSize(w, err)
	}
	name := strings.TrimSuffix(b.Handle+"-"+l.Path+"-"+want.paperName(), "-")
	h.Set("Content-Type", map[string]string{"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}[want.form])
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Content-Disposition", fmt.Sprintf(`inline; filename="%s.%s"`, name, want.form))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away; nobody is left to tell
	}
	return nil
}

// drawCode draws what is wanted. A plain code, which is asked for most, needs
// nothing but its text.
func (p *Public) drawCode(ctx context.Context, t i18n.Texts, b business.Business, l link.Link, target string, want wanted) ([]byte, error) {
	if !want.logo && want.paper == nil {
		code, err := qr.New(target)
		if err != nil {
			return nil, err
		}
		switch want.form {
		case "png":
			return code.PNG(want.size)
		case "svg":
			return code.SVG(), nil
		}
		return code.PDF(qr.DefaultMillimetres, l.CreatedAt)
	}
	sheet, err := p.sheet(ctx, t, offerOfCode(b, l))
	if err != nil {
		return nil, err
	}
	if want.paper != nil {
		code, err := qr.New(target)
		if err != nil {
			return nil, err
		}
		return print.Poster(sheet, posterWords(t), code, *want.paper, l.CreatedAt)
	}
	code, err := qr.NewForLogo(target)
	if err != nil {
		return nil, err
	}
	switch logo := print.Tile(sheet, logoTile); want.form {
	case "png":
		return code.PNGWithLogo(want.size, logo)
	case "svg":
		return code.SVGWithLogo(logo)
	default:
		return code.PDFWithLogo(qr.DefaultMillimetres, l.CreatedAt, logo)
	}
}

// logoTile is the side of a logo within a code, in pixels.
const logoTile = 256

// offerOfCode is what a poster tells of a link, also of one that sells a product.
func offerOfCode(b business.Business, l link.Link) offer {
	o := offerOfLink(b, l)
	if price := l.Price(); l.Type == link.Product {
		o.Price = &price
	}
	o.Description = l.Description // the payment page's own is no line for a poster
	return o
}

func posterWords(t i18n.Texts) print.PosterWords {
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
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	return nil
}

func etag(target string, want wanted, b business.Business, l link.Link, t i18n.Texts) string {
	text := fmt.Sprintf("%s %s %d %v", target, want.form, want.size, want.logo)
	if want.logo || want.paper != nil { // these show more than the address
		text += fmt.Sprintf(" %s %d %d %s", want.paperName(), b.Version, l.Version, t.Lang())
	}
	sum := sha256.Sum256([]byte(text))
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
