package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// A file of a few hundred kilobytes may be a picture of hundreds of megabytes.
func TestMemoryIsBoundedBeforeAPictureIsDecoded(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 16, 16))
	deep.Set(3, 3, color.NRGBA64{1, 2, 3, 4})
	for name, c := range map[string]struct {
		file  []byte
		w, h  int // that its header claims
		taken bool
	}{
		"a phone's photograph":        {asJPEG(t, halves(16, 16)), 8000, 5000, true},
		"the same, progressive":       {progressive(asJPEG(t, halves(16, 16))), 8000, 5000, false},
		"a small progressive one":     {progressive(asJPEG(t, halves(16, 16))), 4000, 3000, true},
		"16 bits a colour":            {asPNG(t, deep), 7200, 5500, false},
		"16 bits, of a camera's size": {asPNG(t, deep), 4000, 3000, true},
		"8 bits and transparency":     {asPNG(t, dotted()), 7200, 5500, false},
		"8 bits, of a camera's size":  {asPNG(t, dotted()), 6000, 4000, true},
		"interlaced":                  {interlaced(asPNG(t, dotted())), 6000, 4000, false},
	} {
		size := image.Config{Width: c.w, Height: c.h}
		if decoded, err := png.DecodeConfig(bytes.NewReader(c.file)); err == nil {
			size.ColorModel = decoded.ColorModel
		} else if decoded, err := jpeg.DecodeConfig(bytes.NewReader(c.file)); err == nil {
			size.ColorModel = decoded.ColorModel
		} else if name != "interlaced" {
			t.Fatalf("%s: %v", name, err)
		} else {
			size.ColorModel = color.NRGBAModel
		}
		if taken := decodedSize(c.file, size) <= maxDecoded; taken != c.taken {
			t.Errorf("%s of %d × %d takes %d bytes: taken is %v", name, c.w, c.h, decodedSize(c.file, size), taken)
		}
	}
	big := asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 5000, 3500))) // 140 MB of nothing
	var refusal *Refusal
	if _, err := testLimits().read(big); !errors.As(err, &refusal) || refusal.Code != "image.pixels" {
		t.Errorf("%d bytes: %v", len(big), err)
	}
}

// dotted is a picture with transparency, of eight bits a colour.
func dotted() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	img.Set(3, 3, color.NRGBA{1, 2, 3, 4})
	return img
}

// progressive turns the marker of a frame into that of a progressive one.
func progressive(file []byte) []byte {
	return bytes.Replace(file, []byte{0xFF, 0xC0}, []byte{0xFF, 0xC2}, 1)
}

// interlaced says so in the header; the sum behind it is wrong then, which only a
// decoder minds.
func interlaced(file []byte) []byte {
	file = bytes.Clone(file)
	file[28] = 1
	return file
}
