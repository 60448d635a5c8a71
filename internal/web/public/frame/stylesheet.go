package frame

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/picture"
	"smartlinks/internal/web/ui"
)

// A page is three requests: itself, one stylesheet, one script. The pictures of
// a business, which are decoration, are therefore in its stylesheet, small
// enough for a page of 30 KB, and kept by the browser for ever.

// logoSide is that of a logo of 40 pixels on a fine screen, and logoKilobytes
// its weight.
const (
	logoSide      = 80
	logoKilobytes = 3
)

// keptStylesheets is how many stylesheets with pictures are kept, of 60 KB each.
const keptStylesheets = 100

// stylesheetPath is the stylesheet of a business. It is the colour's own while there
// are no pictures.
func stylesheetPath(b *business.Business) string {
	if b == nil {
		return ui.PayPath("")
	}
	if b.LogoID+b.CoverID == "" {
		return ui.PayPath(b.BrandColor)
	}
	return address.Stylesheet(b.ID, stylesheetVersion(*b)).String()
}

func stylesheetVersion(b business.Business) string {
	sum := sha256.Sum256([]byte(ui.PayPath(b.BrandColor) + " " + b.LogoID + " " + b.CoverID))
	return hex.EncodeToString(sum[:6])
}

// ShowStylesheet serves the stylesheet. The version in its address is all that it
// depends on, so it may be kept for ever; without the present one it is not.
func (p *Base) ShowStylesheet(w http.ResponseWriter, r *http.Request) error {
	owner := r.PathValue("business")
	if !id.Valid("biz", owner) || Foreign(r, business.ID(owner)) {
		return fault.New(fault.NotFound, "There is no such business.")
	}
	b, err := p.Businesses.ByID(r.Context(), business.ID(owner))
	if err != nil {
		return err
	}
	version := stylesheetVersion(b)
	sheet, known := p.stylesheets.Get(version)
	if !known {
		plain, err := p.stylesheet(r.Context(), b)
		if err != nil {
			return err
		}
		sheet = kept(plain)
		p.stylesheets.Put(version, sheet)
	}
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := sheet.choose(w, r)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away; nobody is left to tell
	}
	return nil
}

// stylesheet is the stylesheet of the colour, with the pictures.
func (p *Base) stylesheet(ctx context.Context, b business.Business) ([]byte, error) {
	css := bytes.NewBuffer(ui.PaySheet(b.BrandColor))
	if b.LogoID != "" {
		logo, err := p.Businesses.Image(ctx, b.ID, b.LogoID)
		if err != nil {
			return nil, err
		}
		small, err := picture.NewDecoder().Read(ctx, picture.Limits{Megabytes: 5, Megapixels: 1, Side: logoSide, Kilobytes: logoKilobytes}, logo.Body)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(css, ".logo-own{background:#fff url(%s) center/cover}", inline(small.ContentType, small.Body))
	}
	if b.CoverID != "" {
		cover, err := p.Businesses.Image(ctx, b.ID, b.CoverID)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(css, ".cover{background-image:url(%s)}", inline(cover.ContentType, cover.Body))
	}
	return css.Bytes(), nil
}

// inline is a picture as a URL of its own.
func inline(kind string, body []byte) string {
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(body)
}

// AllowFrames lets the sites that the business names show its pages in a frame.
func AllowFrames(h http.Header, b business.Business) {
	if len(b.FrameOrigins) == 0 {
		return
	}
	policy := h.Get("Content-Security-Policy")
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(b.FrameOrigins, " "), 1))
}
