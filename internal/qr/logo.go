package qr

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/draw"
)

// hole is the white square in the middle in which a logo stands: its side in
// modules, odd as the code is, and its first module with the quiet zone. It is
// at most a quarter of the code's side, which hides 5 % of it, and lies between
// the alignment marks.
func (c Code) hole() (first, side int) {
	side = min(c.size/4, 15)
	if side%2 == 0 {
		side--
	}
	return QuietZone + (c.size-side)/2, side
}

// logoMargin is the white around a logo, in modules.
const logoMargin = 0.6

// logoBox is where the logo is, in modules with the quiet zone.
func (c Code) logoBox() (at, side float64) {
	first, hole := c.hole()
	return float64(first) + logoMargin, float64(hole) - 2*logoMargin
}

// PNGWithLogo is PNG with a square picture in the middle, for a code made by
// NewForLogo.
func (c Code) PNGWithLogo(size int, logo image.Image) ([]byte, error) {
	if size < max(MinSize, c.Edge()) || size > MaxSize {
		return nil, &SizeError{Min: max(MinSize, c.Edge()), Max: MaxSize}
	}
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	module := size / c.Edge()
	offset := (size - module*c.Edge()) / 2
	box := func(x, y, w, h int) image.Rectangle {
		return image.Rect(offset+x*module, offset+y*module, offset+(x+w)*module, offset+(y+h)*module)
	}
	for _, r := range c.Runs() {
		draw.Draw(img, box(r.X, r.Y, r.Length, 1), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	first, side := c.hole()
	draw.Draw(img, box(first, first, side, side), image.White, image.Point{}, draw.Src)
	at, length := c.logoBox()
	from, to := offset+int(at*float64(module)), offset+int((at+length)*float64(module))
	draw.CatmullRom.Scale(img, image.Rect(from, from, to, to), logo, logo.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return out.Bytes(), nil
}

// SVGWithLogo is SVG with a square picture in the middle, for a code made by
// NewForLogo.
func (c Code) SVGWithLogo(logo image.Image) ([]byte, error) {
	var file bytes.Buffer
	if err := png.Encode(&file, logo); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	first, side := c.hole()
	at, length := c.logoBox()
	plain := strings.TrimSuffix(string(c.SVG()), "</svg>")
	return fmt.Appendf(nil, `%s<path fill="#fff" d="M%d %dh%dv%dh-%dz"/><image x="%.2f" y="%.2f" width="%.2f" height="%.2f" href="data:image/png;base64,%s"/></svg>`,
		plain, first, first, side, side, side, at, at, length, length, base64.StdEncoding.EncodeToString(file.Bytes())), nil
}

// PDFWithLogo is PDF with a square picture in the middle, for a code made by
// NewForLogo.
func (c Code) PDFWithLogo(millimetres float64, at time.Time, logo image.Image) ([]byte, error) {
	var file bytes.Buffer
	if err := png.Encode(&file, logo); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return c.pdf(millimetres, at, func(page *fpdf.Fpdf, module float64) {
		first, side := c.hole()
		page.SetFillColor(255, 255, 255)
		page.Rect(float64(first)*module, float64(first)*module, float64(side)*module, float64(side)*module, "F")
		at, length := c.logoBox()
		options := fpdf.ImageOptions{ImageType: "PNG"}
		page.RegisterImageOptionsReader("logo", options, &file)
		page.ImageOptions("logo", at*module, at*module, length*module, length*module, false, options, 0, "")
	})
}
