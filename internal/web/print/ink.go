package print

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/draw"

	"smartlinks/internal/typeset"
)

// The colours of print, from the design's tokens.
func ink() color.RGBA      { return color.RGBA{0x15, 0x18, 0x23, 255} }
func muted() color.RGBA    { return color.RGBA{0x56, 0x5e, 0x72, 255} }
func hairline() color.RGBA { return color.RGBA{0xe4, 0xe7, 0xec, 255} }
func white() color.RGBA    { return color.RGBA{255, 255, 255, 255} }

func (d *poster) style(size, leading float64, w typeset.Weight, width float64, lines int) typeset.Style {
	return typeset.Style{Size: size, Leading: d.leading(leading), Weight: w, Width: width, Lines: lines, RTL: d.RTL}
}

// tight draws large letters closer together.
func (d *poster) tight(s typeset.Style) typeset.Style {
	s.Tracking = -0.025
	return s
}

// x mirrors what is width wide where lines start at the right.
func (d *poster) x(left, width float64) float64 {
	if d.RTL {
		return posterWidth - left - width
	}
	return left
}

// fill draws a path of points.
func (d *poster) fill(p typeset.Path, c color.RGBA) {
	if len(p) == 0 {
		return
	}
	d.page.SetFillColor(int(c.R), int(c.G), int(c.B))
	u := d.unit
	at := typeset.Point{} // where the pen is
	for _, s := range p {
		a, b, e := s.Points[0], s.Points[1], s.Points[2]
		switch s.Op {
		case typeset.Move:
			d.page.MoveTo(a.X*u, a.Y*u)
			at = a
		case typeset.Line:
			d.page.LineTo(a.X*u, a.Y*u)
			at = a
		case typeset.Quad: // as a cubic, which PDF has
			d.page.CurveBezierCubicTo((at.X+2*(a.X-at.X)/3)*u, (at.Y+2*(a.Y-at.Y)/3)*u, (b.X+2*(a.X-b.X)/3)*u, (b.Y+2*(a.Y-b.Y)/3)*u, b.X*u, b.Y*u)
			at = b
		case typeset.Cubic:
			d.page.CurveBezierCubicTo(a.X*u, a.Y*u, b.X*u, b.Y*u, e.X*u, e.Y*u)
			at = e
		}
	}
	d.page.DrawPath("F")
}

// image draws the logo on a square; false without one.
func (d *poster) image(x, y, side float64) bool {
	logo := d.logo()
	if logo == nil {
		return false
	}
	var file bytes.Buffer
	if err := png.Encode(&file, Tile(d.Sheet, 256)); err != nil {
		return false
	}
	options := fpdf.ImageOptions{ImageType: "PNG"}
	d.page.RegisterImageOptionsReader("logo", options, &file)
	d.page.ImageOptions("logo", x*d.unit, y*d.unit, side*d.unit, side*d.unit, false, options, 0, "")
	return true
}

// Tile is the logo of a sheet, or its initial, on a square of the brand.
func Tile(s Sheet, side int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	c := s.colors()
	s.tile(draw.Image(img), 0, 0, side, c.Mark, c.OnMark)
	return img
}
