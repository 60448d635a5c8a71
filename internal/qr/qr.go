// Package qr draws QR codes (ISO/IEC 18004) as PNG, SVG and PDF, always with
// the quiet zone that readers need.
package qr

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// QuietZone is the empty border in modules, from ISO/IEC 18004, 9.1.
const QuietZone = 4

// Code is a QR code, ready to be drawn.
type Code struct {
	size int    // modules along an edge, without the quiet zone
	dark []bool // row by row
}

// New encodes the text with error correction M, which survives the loss of 15 %
// of the code. It fails for texts beyond about 2,300 characters.
func New(text string) (Code, error) {
	drawn, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return Code{}, fmt.Errorf("qr: the text does not fit: %w", err)
	}
	c := Code{size: drawn.Bounds().Dx()}
	c.dark = make([]bool, c.size*c.size)
	for y := range c.size {
		for x := range c.size {
			r, _, _, _ := drawn.At(x, y).RGBA()
			c.dark[y*c.size+x] = r == 0
		}
	}
	return c, nil
}

// edge is the modules along an edge, with the quiet zone on both sides.
func (c Code) edge() int { return c.size + 2*QuietZone }

// run is a stretch of dark modules in a row, counted with the quiet zone.
type run struct{ x, y, length int }

// runs are all dark modules, joined along their rows.
func (c Code) runs() []run {
	var all []run
	for y := range c.size {
		for x := 0; x < c.size; x++ {
			start := x
			for x < c.size && c.dark[y*c.size+x] {
				x++
			}
			if x > start {
				all = append(all, run{start + QuietZone, y + QuietZone, x - start})
			}
		}
	}
	return all
}
