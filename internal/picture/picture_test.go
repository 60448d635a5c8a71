package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
)

var red, blue = color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}

// halves is a picture whose left half is red and whose right half is blue.
func halves(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, red)
			if x >= w/2 {
				img.SetRGBA(x, y, blue)
			}
		}
	}
	return img
}

func encoded(t testing.TB, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// testLimits are those of a photograph.
func testLimits() Limits { return Limits{Megabytes: 5, Megapixels: 40, Side: 1600} }

func asPNG(t testing.TB, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, img) })
}

func asJPEG(t *testing.T, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) })
}

func TestPicturesAreShrunkAndEncodedAnew(t *testing.T) {
	transparent := halves(40, 20)
	transparent.SetRGBA(3, 3, color.RGBA{})
	animated := encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, halves(40, 20), nil) })
	for name, c := range map[string]struct {
		file []byte
		kind string
		w, h int
	}{
		"small PNG":       {asPNG(t, halves(40, 20)), "image/jpeg", 40, 20},
		"transparent PNG": {asPNG(t, transparent), "image/png", 40, 20},
		"large JPEG":      {asJPEG(t, halves(3200, 1000)), "image/jpeg", 1600, 500},
		"tall":            {asJPEG(t, halves(100, 4000)), "image/jpeg", 40, 1600},
		"thread":          {asPNG(t, halves(5000, 1)), "image/jpeg", 1600, 1},
		"GIF":             {animated, "image/jpeg", 40, 20},
		"lossy WebP":      {webpOf(t, "VP8 ", lossyWebP), "image/jpeg", 40, 20},
		"lossless WebP":   {webpOf(t, "VP8L", losslessWebP), "image/jpeg", 40, 20},
	} {
		p, err := testLimits().read(c.file)
		if err != nil || p.ContentType != c.kind || p.Width != c.w || p.Height != c.h {
			t.Errorf("%s: got %+v, %v", name, p, err)
			continue
		}
		img, err := decodeAny(bytes.NewReader(p.Body))
		if err != nil || img.Bounds().Dx() != c.w || img.Bounds().Dy() != c.h {
			t.Errorf("%s: decodes to %v, %v", name, img, err)
			continue
		}
		if !near(img.At(0, 0), red) || !near(img.At(c.w-1, c.h-1), blue) {
			t.Errorf("%s: the colours are %v and %v", name, img.At(0, 0), img.At(c.w-1, c.h-1))
		}
	}
}

func decodeAny(file *bytes.Reader) (image.Image, error) {
	if img, err := png.Decode(file); err == nil {
		return img, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return jpeg.Decode(file)
}

// near allows for what JPEG loses.
func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	off := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x2000 }
	return !off(ar, br) && !off(ag, bg) && !off(ab, bb)
}

func TestShrinkingAverages(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 4, 2))
	for i := range src.Pix {
		src.Pix[i] = 255
	}
	src.SetRGBA(0, 0, color.RGBA{0, 0, 0, 255})
	got := shrink(src, 2)
	if got.Rect.Dx() != 2 || got.Rect.Dy() != 1 || got.RGBAAt(0, 0) != (color.RGBA{191, 191, 191, 255}) || got.RGBAAt(1, 0) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("got %v %v", got.RGBAAt(0, 0), got.RGBAAt(1, 0))
	}
}

// bomb is the head of a PNG that claims to be w by h.
func bomb(t *testing.T, w, h uint32) []byte {
	file := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(file[16:], w)
	binary.BigEndian.PutUint32(file[20:], h)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func TestFilesThatAreNoPicturesAreRefused(t *testing.T) {
	good := asJPEG(t, halves(40, 20))
	for name, c := range map[string]struct {
		file []byte
		code string
	}{
		"SVG":             {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "image.type"},
		"HTML":            {[]byte("<!doctype html><script>"), "image.type"},
		"cut WebP":        {webpOf(t, "VP8 ", lossyWebP)[:40], "image.broken"},
		"WebP in name":    {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "image.broken"},
		"WebP bomb":       {riff(hugeVP8L()), "image.pixels"},
		"hidden bomb":     {riff(smallHead(), hugeVP8L()), "image.broken"},
		"cut JPEG":        {good[:len(good)/2], "image.broken"},
		"GIF in name":     {[]byte("GIF89a"), "image.broken"},
		"too many bytes":  {make([]byte, 5<<20+1), "image.large"},
		"too many pixels": {bomb(t, 40_000, 40_000), "image.pixels"},
		"overflow":        {bomb(t, 1<<31-1, 1<<31-1), "image.broken"},
	} {
		_, err := testLimits().read(c.file)
		var refused *Refusal
		if !errors.As(err, &refused) || refused.Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// withOrientation puts an Exif segment into a JPEG.
func withOrientation(file []byte, value uint16, order binary.AppendByteOrder) []byte {
	tiff := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, value)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	out = append(out, segment...)
	return append(out, file[2:]...)
}

func TestPhotographsStandUpright(t *testing.T) {
	file := asJPEG(t, halves(40, 20))
	for value, want := range map[uint16]struct {
		w, h      int
		firstIs   color.Color // the pixel at the top left
		lastIsRed bool        // the pixel at the bottom right
	}{
		1: {40, 20, red, false}, 2: {40, 20, blue, true}, 3: {40, 20, blue, true}, 4: {40, 20, red, false},
		5: {20, 40, red, false}, 6: {20, 40, red, false}, 7: {20, 40, blue, true}, 8: {20, 40, blue, true},
		0: {40, 20, red, false}, 9: {40, 20, red, false},
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			p, err := testLimits().read(withOrientation(file, value, order))
			if err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(bytes.NewReader(p.Body))
			if err != nil {
				t.Fatal(err)
			}
			if p.Width != want.w || p.Height != want.h || !near(img.At(0, 0), want.firstIs) || near(img.At(want.w-1, want.h-1), red) != want.lastIsRed {
				t.Errorf("orientation %d: %d by %d from %v to %v", value, p.Width, p.Height, img.At(0, 0), img.At(want.w-1, want.h-1))
			}
			if bytes.Contains(p.Body, []byte("Exif")) {
				t.Error("what the camera wrote is still there")
			}
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(withOrientation([]byte{0xFF, 0xD8, 0xFF, 0xDA, 0, 2}, 6, binary.BigEndian))
	f.Add(withOrientation([]byte{0xFF, 0xD8}, 6, binary.LittleEndian))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if got := orientation(file); got < 1 || got > 8 {
			t.Errorf("got %d", got)
		}
	})
}

func TestAPictureThatMustBeSmallIs(t *testing.T) {
	noisy := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for i := range noisy.Pix { // the worst that can be asked of a JPEG
		noisy.Pix[i] = uint8(i * i * 31 >> 3)
	}
	for name, img := range map[string]image.Image{"plain": halves(900, 600), "noisy": noisy} {
		got, err := Limits{Megabytes: 5, Megapixels: 40, Side: 800, Kilobytes: 15}.read(asPNG(t, img))
		if err != nil || len(got.Body) > 15<<10 || got.ContentType != "image/jpeg" || got.Width < 50 {
			t.Errorf("%s: %d bytes of %s, %d wide, %v", name, len(got.Body), got.ContentType, got.Width, err)
		}
	}
}
