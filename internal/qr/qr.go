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

// MaxText is the longest text, in bytes, and MaxTextWithLogo that of a code that
// leaves room for a logo.
const (
	MaxText         = 2331
	MaxTextWithLogo = 482
)

// ErrTooLong says that no code holds the text.
var ErrTooLong = errors.New("qr: the text is longer than the 2,331 bytes (482 with a logo) that a code holds")

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
	return encode(versionFor(len(text), medium), medium, text), nil
}

// NewForLogo encodes the text with error correction Q, which survives the loss
// of 25 %: a logo in its middle hides 5 %. The error is ErrTooLong.
func NewForLogo(text string) (Code, error) {
	if len(text) > MaxTextWithLogo {
		return Code{}, ErrTooLong
	}
	return encode(versionFor(len(text), quartile).withoutCenter(), quartile, text), nil
}

func encode(v version, l level, text string) Code {
	g := newGrid(v, l)
	g.place(interleave(v, l, dataOf(v, l, text)))
	g.chooseMask()
	return Code{size: g.size, dark: g.dark}
}

// Edge is the modules along an edge, with the quiet zone on both sides.
func (c Code) Edge() int { return c.size + 2*QuietZone }

// Run is a stretch of dark modules in a row, counted with the quiet zone.
type Run struct{ X, Y, Length int }

// Runs are all dark modules, joined along their rows, for those who draw the
// code themselves.
func (c Code) Runs() []Run {
	all := make([]Run, 0, c.size*c.size/4)
	for y := range c.size {
		for x := 0; x < c.size; x++ {
			start := x
			for x < c.size && c.dark[y*c.size+x] {
				x++
			}
			if x > start {
				all = append(all, Run{start + QuietZone, y + QuietZone, x - start})
			}
		}
	}
	return all
}
