package ui

import (
	"fmt"
	"net/http"
	"strings"
)

// enoughForText is WCAG 2.2's contrast for text of normal size (AA), and
// enoughForMarks that for controls and marks.
const (
	enoughForText  = 4.5
	enoughForMarks = 3.0
)

// DefaultBrand is the platform's own colour, for pages without a business.
const DefaultBrand = "#474cd9"

// brandPrefix is where Brand has to be mounted.
const brandPrefix = "/brand/"

// palette is a brand in one theme.
type palette struct {
	band, onBand, softOnBand, trackOnBand, fillOnBand colour // the head of a payment page
	button, onButton, edge                            colour // the pay button and its border
	text                                              colour // links on the page
}

// BrandCSS returns the stylesheet that gives pay.css and the dashboard's brand
// mark their colours, for a brand written "#rrggbb" (or "rrggbb", "#rgb").
// Anything else takes DefaultBrand. Every pair of text and ground in it has a
// contrast of at least 4.5:1, in light and in dark.
func BrandCSS(hex string) string {
	brand := brandColour(hex)
	light, dark := lightPalette(brand), darkPalette(brand)
	var css strings.Builder
	fmt.Fprintf(&css, ":root{%s}", light.properties(brand))
	fmt.Fprintf(&css, "@media(prefers-color-scheme:dark){:root:not([data-theme=light]){%s}}", dark.properties(brand))
	fmt.Fprintf(&css, ":root[data-theme=dark]{%s}\n", dark.properties(brand))
	return css.String()
}

// BrandPath returns the URL of BrandCSS(hex). It carries a hash of the
// stylesheet, so it may be cached for ever.
func BrandPath(hex string) string {
	return brandPrefix + brandColour(hex).digits() + ".css?v=" + shortHash([]byte(BrandCSS(hex)))
}

// Brand serves BrandCSS under /brand/<rrggbb>.css, and the whole stylesheet of
// payer pages under /brand/pay/<rrggbb>.css.
func Brand() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hex, ok := colourInPath(r.URL.Path, payPrefix); ok {
			servePaySheet(w, r, hex)
			return
		}
		if hex, ok := colourInPath(r.URL.Path, brandPrefix); ok {
			serveImmutable(w, r, asset{kind: "text/css; charset=utf-8", body: []byte(BrandCSS(hex))})
			return
		}
		http.NotFound(w, r)
	})
}

// colourInPath reads <prefix><rrggbb>.css, in the one spelling that the paths
// above produce, so that caches hold each stylesheet once.
func colourInPath(path, prefix string) (string, bool) {
	name, found := strings.CutPrefix(path, prefix)
	hex, css := strings.CutSuffix(name, ".css")
	c, valid := parseColour(hex)
	return hex, found && css && valid && c.digits() == hex
}

func brandColour(hex string) colour {
	if c, ok := parseColour(hex); ok {
		return c
	}
	c, _ := parseColour(DefaultBrand)
	return c
}

// The grounds of the two themes, from the design's token table.
func white() colour       { return colour{1, 1, 1} }
func ink() colour         { return hexColour(0x151823) }
func darkSurface() colour { return hexColour(0x151821) }
func darkWell() colour    { return hexColour(0x0e1016) }
func nearBlack() colour   { return hexColour(0x0b0d1f) }
func softWhite() colour   { return hexColour(0xe9ebf1) }
func hexColour(n uint32) colour {
	return colour{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}
}

func lightPalette(brand colour) palette {
	ground, on := readable(brand, white(), ink())
	p := palette{band: ground, onBand: on, button: ground, onButton: on}
	p.softOnBand = soften(on, ground)
	p.fillOnBand = on
	p.trackOnBand = on.mix(ground, 0.25).rounded()
	p.text = darkenUntil(brand, white(), enoughForText)
	p.edge = darkenUntil(ground, white(), enoughForMarks)
	return p
}

// darkPalette makes the band 45% brand over the dark well, and lightens the
// brand for the button and for text.
func darkPalette(brand colour) palette {
	ground, on := readable(brand.mix(darkWell(), 0.45).rounded(), softWhite(), nearBlack())
	p := palette{band: ground, onBand: on}
	p.softOnBand = soften(on, ground)
	p.button = lighten(brand)
	p.onButton = nearBlack()
	p.edge = p.button
	p.fillOnBand = p.button
	if contrast(p.fillOnBand, ground) < enoughForMarks {
		p.fillOnBand = on
	}
	p.trackOnBand = on.mix(ground, 0.18).rounded()
	p.text = p.button
	return p
}

// lighten gives a brand the lightness of marks on dark surfaces. Its chroma
// may grow a little, as dark colours look dull when only made lighter.
func lighten(brand colour) colour {
	o := brand.oklch()
	o.l = max(o.l, 0.74)
	o.c = min(o.c*1.35, 0.16)
	c := o.colour()
	for contrast(c, darkSurface()) < enoughForText || contrast(c, nearBlack()) < enoughForText {
		o.l += 0.01
		c = o.colour()
	}
	return c
}

// readable picks light or dark content for ground by contrast, light first. If
// neither reaches 4.5:1 the ground is darkened until light does.
func readable(ground, light, dark colour) (colour, colour) {
	if contrast(ground, light) >= enoughForText {
		return ground, light
	}
	if contrast(ground, dark) >= enoughForText {
		return ground, dark
	}
	return darkenUntil(ground, light, enoughForText), light
}

func darkenUntil(c, against colour, enough float64) colour {
	o := c.oklch()
	for contrast(c, against) < enough && o.l > 0 {
		o.l = max(0, o.l-0.01)
		c = o.colour()
	}
	return c
}

// soften returns the quietest mix of content and ground, for descriptions,
// that is still readable.
func soften(on, ground colour) colour {
	for share := 0.78; share < 1; share += 0.02 {
		if c := on.mix(ground, share).rounded(); contrast(c, ground) >= enoughForText {
			return c
		}
	}
	return on
}

func (p palette) properties(brand colour) string {
	mark, onMark := readable(brand, white(), ink())
	return fmt.Sprintf("--band:%s;--on-band:%s;--soft-on-band:%s;--track-on-band:%s;--fill-on-band:%s;"+
		"--pay:%s;--on-pay:%s;--pay-edge:%s;--brand-text:%s;--brand-mark:%s;--brand-on-mark:%s",
		p.band, p.onBand, p.softOnBand, p.trackOnBand, p.fillOnBand,
		p.button, p.onButton, p.edge, p.text, mark, onMark)
}
