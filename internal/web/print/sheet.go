// Package print draws what leaves the browser: the picture that messengers show
// of a link, and the poster that a merchant prints. Text is drawn as outlines
// by typeset, so that Arabic is joined and no font is needed where it is seen.
package print

import (
	"bytes"
	"image"
	"image/color"
	_ "image/jpeg" // logos are JPEG or PNG
	_ "image/png"

	"golang.org/x/image/draw"

	"smartlinks/internal/typeset"
	"smartlinks/internal/web/ui"
)

// Sheet is what both show of a link.
type Sheet struct {
	Business string
	Brand    string // #rrggbb
	Logo     []byte // a JPEG or PNG; nil shows the initial
	Title    string
	Amount   string // in the payer's language; "" where the payer chooses
	Note     string // a line of the description; may be empty
	Address  string // to type by hand, without https://
	RTL      bool
}

// name is the title, or the address where the fonts lack its letters.
func (s Sheet) name() string {
	if typeset.Drawable(s.Title, typeset.Bold) == "" {
		return s.Address
	}
	return s.Title
}

func (s Sheet) colors() ui.PrintColors { return ui.PrintBrand(s.Brand) }

// initial stands for a logo.
func (s Sheet) initial(size float64, w typeset.Weight) typeset.Block {
	for _, r := range typeset.Drawable(s.Business, w) {
		return typeset.Set(string(r), typeset.Style{Size: size, Leading: size, Weight: w})
	}
	return typeset.Block{}
}

// logo decodes the picture; nil without one.
func (s Sheet) logo() image.Image {
	if len(s.Logo) == 0 {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(s.Logo))
	if err != nil {
		return nil // the initial stands in
	}
	return img
}

// tile is the logo on a square with round corners, a unit a pixel.
func (s Sheet) tile(on draw.Image, x, y, side int, ground, letter color.Color) {
	box := typeset.Rounded(float64(x), float64(y), float64(side), float64(side), float64(side)/4)
	img := s.logo()
	if img == nil {
		typeset.Fill(on, box, ground)
		b := s.initial(float64(side)*0.56, typeset.Bold)
		typeset.Fill(on, b.Path.At(float64(x)+(float64(side)-b.Width)/2, float64(y)+(float64(side)-b.Height)/2), letter)
		return
	}
	place := image.Rect(x, y, x+side, y+side)
	fitted, mask := image.NewRGBA(place), image.NewRGBA(place)
	draw.Draw(fitted, place, image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(fitted, place, img, img.Bounds(), draw.Over, nil)
	typeset.Fill(mask, box, color.Opaque)
	draw.DrawMask(on, place, fitted, place.Min, mask, place.Min, draw.Over)
}
