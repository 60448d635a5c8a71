// Package qr draws QR codes (ISO/IEC 18004) as PNG, SVG and PDF, always with
// the quiet zone that readers need.
//
// Codes are made here and not by a library, since the one that was tried took
// 4 ms a code and left some that common readers miss: data that looks like a
// corner mark. The choice of the mask counts such marks.
package qr

import "errors"

// QuietZone is the empty border in modules, from ISO/IEC 18004, 9.1.
const QuietZone = 4

// MaxText is the longest text, in bytes.
const MaxText = 2331

// ErrTooLong says that no code holds the text.
var ErrTooLong = errors.New("qr: the text is longer than 2,331 bytes, the most that a code holds")

// Code is a QR code, ready to be drawn.
type Code struct {
	size int    // modules along an edge, without the quiet zone
	dark []bool // row by row
}

// New encodes the text with error correction M, which survives the loss of 15 %
// of the code. The error is ErrTooLong.
func New(text string) (Code, error) {
	if len(text) > MaxText {
		return Code{}, ErrTooLong
	}
	v := versionFor(len(text))
	g := newGrid(v)
	g.place(interleave(v, dataOf(v, text)))
	g.chooseMask()
	return Code{size: g.size, dark: g.dark}, nil
}

// edge is the modules along an edge, with the quiet zone on both sides.
func (c Code) edge() int { return c.size + 2*QuietZone }

// run is a stretch of dark modules in a row, counted with the quiet zone.
type run struct{ x, y, length int }

// runs are all dark modules, joined along their rows.
func (c Code) runs() []run {
	all := make([]run, 0, c.size*c.size/4)
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
