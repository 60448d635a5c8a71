package product

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"

	"smartlinks/internal/fault"
)

// The bounds of a picture.
const (
	// MaxImageBytes is the size of a file that is accepted.
	MaxImageBytes = 5 << 20
	// maxPixels bounds the memory that decoding takes: 160 MB at four bytes a
	// pixel. Cameras of phones make 12 to 24 megapixels by default.
	maxPixels = 40_000_000
	// maxSide is the length of the longer side of what is kept.
	maxSide = 1600
	// jpegQuality is where the eye stops seeing a difference on photographs.
	jpegQuality = 85
)

// picture is a file of our own making: whatever hid in the uploaded one, such
// as the place where a photograph was taken, is not in it.
type picture struct {
	contentType   string
	width, height int
	body          []byte
}

// readPicture decodes, turns, shrinks and encodes a file, one at a time. What
// is wrong with it is noted at the field "image".
func (s *Products) readPicture(ctx context.Context, file []byte, fields *fault.Fields) (*picture, error) {
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p, err := newPicture(file)
	if refused := (*refusal)(nil); errors.As(err, &refused) {
		fields.Add("image", refused.code, refused.message)
		return nil, nil
	}
	return p, err
}

// refusal is a file that is not accepted.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.message }

// newPicture makes a picture of an uploaded file. The type is told by the
// content, never by a name.
func newPicture(file []byte) (*picture, error) {
	if len(file) > MaxImageBytes {
		return nil, &refusal{"image.large", "This picture is larger than 5 MB. Make it smaller and try again."}
	}
	read, ok := format(file)
	if !ok {
		return nil, &refusal{"image.type", "Use a JPEG, PNG or GIF picture."}
	}
	size, err := read.config(bytes.NewReader(file))
	if err != nil {
		return nil, broken()
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, &refusal{"image.pixels", "This picture has more than 40 megapixels. Make it smaller and try again."}
	}
	decoded, err := read.decode(bytes.NewReader(file))
	if err != nil {
		return nil, broken()
	}
	return encode(turn(shrink(decoded, maxSide), orientation(file)))
}

func broken() error {
	return &refusal{"image.broken", "This picture can't be read. Save it again as JPEG or PNG and try once more."}
}

// decoder reads one format; of an animation it reads the first frame.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func format(file []byte) (decoder, bool) {
	switch http.DetectContentType(file) {
	case "image/jpeg":
		return decoder{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/png":
		return decoder{png.DecodeConfig, png.Decode}, true
	case "image/gif":
		return decoder{gif.DecodeConfig, gif.Decode}, true
	}
	return decoder{}, false
}

// encode writes a PNG when something is transparent, else a JPEG.
func encode(img *image.RGBA) (*picture, error) {
	p := &picture{contentType: "image/jpeg", width: img.Rect.Dx(), height: img.Rect.Dy()}
	var to bytes.Buffer
	var err error
	if img.Opaque() {
		err = jpeg.Encode(&to, img, &jpeg.Options{Quality: jpegQuality})
	} else {
		p.contentType = "image/png"
		err = png.Encode(&to, img)
	}
	if err != nil {
		return nil, fmt.Errorf("encode a picture: %w", err)
	}
	p.body = to.Bytes()
	return p, nil
}
