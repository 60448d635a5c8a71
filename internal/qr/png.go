package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// The sizes of a PNG in pixels along an edge.
const (
	DefaultSize = 200
	MinSize     = 64
	MaxSize     = 2000
)

// SizeError says that a code can't be drawn at the size, and which sizes it can.
type SizeError struct{ Min, Max int }

// Error returns the sentence.
func (e *SizeError) Error() string {
	return fmt.Sprintf("Choose a size between %d and %d pixels.", e.Min, e.Max)
}

// palette makes a picture of one bit a pixel.
var palette = color.Palette{color.White, color.Black}

// PNG draws the code on size × size pixels. Each module is a whole number of
// pixels, so that edges stay sharp, and what remains widens the quiet zone.
// The error is a *SizeError, also when a long code needs more than size.
func (c Code) PNG(size int) ([]byte, error) {
	if size < max(MinSize, c.edge()) || size > MaxSize {
		return nil, &SizeError{Min: max(MinSize, c.edge()), Max: MaxSize}
	}
	module := size / c.edge()
	offset := (size - module*c.edge()) / 2
	picture := image.NewPaletted(image.Rect(0, 0, size, size), palette)
	for _, r := range c.runs() {
		for y := range module {
			row := picture.Pix[(offset+r.y*module+y)*picture.Stride:]
			for x := range r.length * module {
				row[offset+r.x*module+x] = 1
			}
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return b.Bytes(), nil
}
