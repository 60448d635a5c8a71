// Package picture makes small, clean pictures of uploaded files.
package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"

	"golang.org/x/image/webp"
)

// jpegQuality is where the eye stops seeing a difference on photographs.
const jpegQuality = 85

// Picture is a file of our own making: whatever hid in the uploaded one, such
// as the place where a photograph was taken, is not in it.
type Picture struct {
	ContentType   string // image/jpeg, or image/png when something is transparent
	Width, Height int    // pixels
	Body          []byte
}

// Limits bound what is read and what is kept.
type Limits struct {
	Megabytes  int // of the file
	Megapixels int // decoding takes four bytes a pixel
	Side       int // pixels of the longer side of what is kept
	Kilobytes  int // of what is kept, which is a JPEG then; 0 for any
}

// Decoder reads uploaded files, one at a time, because one takes much memory while it
// is decoded: an installation has one Decoder. It is safe for concurrent use.
type Decoder struct {
	busy chan struct{} // holds one place
}

// NewDecoder returns a decoder.
func NewDecoder() *Decoder { return &Decoder{busy: make(chan struct{}, 1)} }

// Read decodes, turns, shrinks and encodes a JPEG, PNG, GIF or WebP file; of an
// animation it keeps the first frame. It returns a *Refusal for a file that is
// not accepted, and the context's error when that ends while others are read.
func (d *Decoder) Read(ctx context.Context, l Limits, file []byte) (Picture, error) {
	select {
	case d.busy <- struct{}{}:
		defer func() { <-d.busy }()
	case <-ctx.Done():
		return Picture{}, ctx.Err()
	}
	return l.read(file)
}

// read tells the type by the content, never by a name, and looks at the number
// of pixels before any is decoded.
func (l Limits) read(file []byte) (Picture, error) {
	if len(file) > l.Megabytes<<20 {
		return Picture{}, tooLarge(l)
	}
	format, ok := formatOf(file)
	if !ok {
		return Picture{}, wrongType()
	}
	size, err := format.config(bytes.NewReader(file))
	if err != nil {
		return Picture{}, broken()
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > l.Megapixels*1_000_000/size.Height {
		return Picture{}, tooManyPixels(l)
	}
	if decodedSize(file, size) > maxDecoded {
		return Picture{}, tooMuchMemory()
	}
	decoded, err := format.decode(bytes.NewReader(file))
	if err != nil {
		return Picture{}, broken()
	}
	small := turn(shrink(decoded, l.Side), orientation(file))
	if l.Kilobytes > 0 {
		return squeeze(small, l.Kilobytes<<10)
	}
	return encode(small)
}

// format reads one kind of file.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func formatOf(file []byte) (format, bool) {
	switch http.DetectContentType(file) {
	case "image/jpeg":
		return format{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/png":
		return format{png.DecodeConfig, png.Decode}, true
	case "image/gif":
		return format{gif.DecodeConfig, gif.Decode}, true
	case "image/webp":
		return format{webp.DecodeConfig, webp.Decode}, true
	}
	return format{}, false
}

// encode writes a PNG when something is transparent, else a JPEG.
func encode(img *image.RGBA) (Picture, error) {
	p := Picture{ContentType: "image/jpeg", Width: img.Rect.Dx(), Height: img.Rect.Dy()}
	var to bytes.Buffer
	var err error
	if img.Opaque() {
		err = jpeg.Encode(&to, img, &jpeg.Options{Quality: jpegQuality})
	} else {
		p.ContentType = "image/png"
		err = png.Encode(&to, img)
	}
	if err != nil {
		return Picture{}, fmt.Errorf("encode a picture: %w", err)
	}
	p.Body = to.Bytes()
	return p, nil
}
