package qr_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
	"pgregory.net/rapid"

	"smartlinks/internal/qr"
)

const url = "https://pay.example/studio-noord/photography-workshop-march?via=qr"

func mustCode(t testing.TB, text string) qr.Code {
	t.Helper()
	c, err := qr.New(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// read decodes a picture with an independent reader.
func read(t testing.TB, picture image.Image) string {
	t.Helper()
	text, err := zxing(picture)
	if err != nil {
		t.Fatalf("unreadable: %v", err)
	}
	return text
}

func zxing(picture image.Image) (string, error) {
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", err
	}
	result, err := reader.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}

func TestAPNGOfAnySizeIsRead(t *testing.T) {
	c := mustCode(t, url)
	for _, size := range []int{64, 65, 99, 128, 200, 201, 300, 511, 777, 1024, 2000} {
		text, err := c.PNG(size)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if b := picture.Bounds(); b.Dx() != size || b.Dy() != size {
			t.Errorf("%d: drawn on %v", size, b)
		}
		if got := read(t, picture); got != url {
			t.Errorf("%d: read %q", size, got)
		}
	}
}

func TestTheQuietZoneIsFourModulesOrMore(t *testing.T) {
	for _, size := range []int{64, 77, 200, 205, 333, 2000} {
		drawn, err := mustCode(t, url).PNG(size)
		if err != nil {
			t.Fatal(err)
		}
		if margin, module, _ := modules(t, drawn); margin < 4*module {
			t.Errorf("%d: a margin of %d pixels around modules of %d", size, margin, module)
		}
	}
}

// modules reads a picture module by module. The margin, which is the least of
// the four sides, and the width of a module are in pixels.
func modules(t testing.TB, drawn []byte) (margin, module int, code *gozxing.BitMatrix) {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	dark := func(x, y int) bool {
		r, _, _, _ := picture.At(x, y).RGBA()
		return r == 0
	}
	size := picture.Bounds().Dx()
	code, err = gozxing.NewSquareBitMatrix(size)
	if err != nil {
		t.Fatal(err)
	}
	for y := range size {
		for x := range size {
			if dark(x, y) {
				code.Set(x, y)
			}
		}
	}
	box := code.GetEnclosingRectangle() // left, top, width, height
	left, edge := box[0], box[2]
	margin = min(left, box[1], size-left-edge, size-box[1]-box[3])
	corner := 0 // a corner mark is seven modules wide
	for dark(left+corner, box[1]) {
		corner++
	}
	module = corner / 7
	small, err := gozxing.NewSquareBitMatrix(edge / module)
	if err != nil {
		t.Fatal(err)
	}
	for y := range edge / module {
		for x := range edge / module {
			if dark(left+x*module, box[1]+y*module) {
				small.Set(x, y)
			}
		}
	}
	return margin, module, small
}

func TestSizesOutsideAreRefused(t *testing.T) {
	for _, size := range []int{-1, 0, 63, 2001, 1 << 30} {
		var refusal *qr.SizeError
		if _, err := mustCode(t, url).PNG(size); !errors.As(err, &refusal) {
			t.Errorf("%d: %v", size, err)
		}
	}
	if _, err := mustCode(t, strings.Repeat("a", 1500)).PNG(64); err == nil {
		t.Error("a long code is drawn on pixels smaller than its modules")
	}
	if _, err := qr.New(strings.Repeat("a", qr.MaxText+1)); !errors.Is(err, qr.ErrTooLong) {
		t.Errorf("a text that no code holds: %v", err)
	}
}

func TestAnSVGIsRead(t *testing.T) {
	if got := read(t, raster(t, string(mustCode(t, url).SVG()), 8)); got != url {
		t.Errorf("read %q", got)
	}
}

// raster paints the runs of the SVG's dark path.
func raster(t *testing.T, svg string, scale int) image.Image {
	t.Helper()
	edge := regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)
	if edge == nil {
		t.Fatal("no view box")
	}
	n, _ := strconv.Atoi(edge[1])
	picture := image.NewGray(image.Rect(0, 0, n*scale, n*scale))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	_, dark, _ := strings.Cut(svg, `fill="#000"`)
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(dark, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		w, _ := strconv.Atoi(m[3])
		for py := y * scale; py < (y+1)*scale; py++ {
			for px := x * scale; px < (x+w)*scale; px++ {
				picture.SetGray(px, py, color.Gray{})
			}
		}
	}
	return picture
}

func TestAPDFHasOnePageAndIsTheSameEachTime(t *testing.T) {
	at := time.Date(2026, 2, 18, 0, 0, 0, 0, time.UTC)
	one, err := mustCode(t, url).PDF(60, at)
	if err != nil || !bytes.HasPrefix(one, []byte("%PDF-")) || bytes.Count(one, []byte("/Type /Page\n")) != 1 {
		t.Errorf("%.40q, %v", one, err)
	}
	two, _ := mustCode(t, url).PDF(60, at)
	if !bytes.Equal(one, two) {
		t.Error("two drawings of one code differ")
	}
	if _, err := mustCode(t, url).PDF(1, at); err == nil {
		t.Error("a code of 1 mm is drawn")
	}
}

// TestAnyAddressIsReadBack fails for about one address in two hundred when
// masks are chosen by the standard's rules alone.
func TestAnyAddressIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := "https://pay.example/" + rapid.StringMatching(`[a-z][a-z0-9-]{1,39}/[a-zA-Z][a-zA-Z0-9-]{0,79}\?via=qr`).Draw(t, "path")
		c, err := qr.New(text)
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := c.PNG(rapid.IntRange(qr.DefaultSize, 300).Draw(t, "size"))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(drawn))
		if err != nil {
			t.Fatal(err)
		}
		bits, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		result, err := reader.NewQRCodeReader().Decode(bits, nil)
		if err != nil || result.GetText() != text {
			t.Fatalf("read %v, %v", result, err)
		}
	})
}

// These are addresses whose code under the standard's choice of mask has a
// fourth corner for readers.
func TestDecoyCornersAreAvoided(t *testing.T) {
	for _, text := range []string{
		"https://pay.example/a4/kf8065976?via=qr",
		"https://pay.example/aw9wr7hgqchorcw/amc?via=qr",
		"https://pay.example/azv4m2v/al1n0kw1aenk--2?via=qr",
		"https://pay.example/ake8qvr4iq3hgc9/avim87dvykn4uutoq1fpdhgon0urik?via=qr",
	} {
		drawn, err := mustCode(t, text).PNG(qr.DefaultSize)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(drawn))
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, picture); got != text {
			t.Errorf("read %q", got)
		}
	}
}

// Every version has its own blocks, marks and, from 7, its number. Readers mend
// small mistakes silently, so the modules themselves are compared.
func TestEveryLengthIsCodedAsByAnIndependentCoder(t *testing.T) {
	for length := 1; length <= qr.MaxText; length += 1 + length/20 {
		checkLength(t, length, qr.New, decoder.ErrorCorrectionLevel_M)
	}
	for length := 1; length <= qr.MaxTextWithLogo; length += 1 + length/20 {
		checkLength(t, length, qr.NewForLogo, decoder.ErrorCorrectionLevel_Q)
	}
	checkLength(t, qr.MaxText, qr.New, decoder.ErrorCorrectionLevel_M)
	checkLength(t, qr.MaxTextWithLogo, qr.NewForLogo, decoder.ErrorCorrectionLevel_Q)
}

func checkLength(t *testing.T, length int, encode func(string) (qr.Code, error), level decoder.ErrorCorrectionLevel) {
	t.Helper()
	text := strings.Repeat("aZ0/-?=.", 300)[:length]
	own, err := encode(text)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := own.PNG(2 * 185)
	if err != nil {
		t.Fatal(err)
	}
	_, _, code := modules(t, drawn)
	for mask := range 8 { // the choice among them is ours
		other, err := encoder.Encoder_encode(text, level, map[gozxing.EncodeHintType]any{
			gozxing.EncodeHintType_QR_MASK_PATTERN: mask, gozxing.EncodeHintType_QR_VERSION: (code.GetWidth() - 17) / 4,
		})
		if err != nil {
			t.Fatal(err)
		}
		if same(code, other.GetMatrix()) {
			return
		}
	}
	t.Errorf("%d bytes: another code under every mask", length)
}

func same(code *gozxing.BitMatrix, other *encoder.ByteMatrix) bool {
	if code.GetWidth() != other.GetWidth() {
		return false
	}
	for y := range code.GetHeight() {
		for x := range code.GetWidth() {
			if code.Get(x, y) != (other.Get(x, y) == 1) {
				return false
			}
		}
	}
	return true
}

// BenchmarkPNG must stay below a millisecond.
func BenchmarkPNG(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := qr.New(url)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.PNG(qr.DefaultSize); err != nil {
			b.Fatal(err)
		}
	}
}
