package qr_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"smartlinks/internal/qr"
)

// zbar reads a picture with a second reader that has nothing in common with the
// first.
func zbar(t testing.TB, picture image.Image) string {
	t.Helper()
	program, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed; scripts/packages.sh installs it")
	}
	file := filepath.Join(t.TempDir(), "code.png")
	var body bytes.Buffer
	if err := png.Encode(&body, picture); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", file)
	out, err := command.Output()
	if err != nil {
		t.Errorf("zbar reads nothing: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// readTwice has both readers read.
func readTwice(t *testing.T, what string, picture image.Image, want string) {
	t.Helper()
	got, err := zxing(picture)
	if err != nil { // a phone looks at many frames; this is the next one, from further away
		got, err = zxing(smaller(picture))
	}
	if got != want {
		t.Errorf("%s: gozxing reads %q, %v", what, got, err)
	}
	if got := zbar(t, picture); got != want {
		t.Errorf("%s: zbar reads %q", what, got)
	}
}

// smaller is the picture at two thirds.
func smaller(picture image.Image) image.Image {
	b := picture.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()*2/3, b.Dy()*2/3))
	draw.BiLinear.Scale(out, out.Rect, picture, b, draw.Src, nil)
	return out
}

// logo is a dark tile with a light letter, whose strokes are as wide as modules.
func logo() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{14, 90, 92, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(20, 10, 30, 54), image.White, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(20, 44, 46, 54), image.White, image.Point{}, draw.Src)
	return img
}

func mustLogoCode(t testing.TB, text string) qr.Code {
	t.Helper()
	c, err := qr.NewForLogo(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// drawings are the code in every form, as pictures.
func drawings(t *testing.T) map[string]image.Image {
	t.Helper()
	plain, sturdy := mustCode(t, url), mustLogoCode(t, url)
	all := map[string]image.Image{"svg": raster(t, string(plain.SVG()), 6)}
	for _, size := range []int{qr.DefaultSize, 333, 1000, 2000} {
		for name, body := range map[string][]byte{
			"png":           must(plain.PNG(size))(t),
			"png with logo": must(sturdy.PNGWithLogo(size, logo()))(t),
		} {
			picture, err := png.Decode(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			all[name+" "+strconv.Itoa(size)] = picture
		}
	}
	at := time.Date(2026, 2, 18, 0, 0, 0, 0, time.UTC)
	all["pdf"] = printed(t, must(plain.PDF(60, at))(t))
	all["pdf with logo"] = printed(t, must(sturdy.PDFWithLogo(60, at, logo()))(t))
	// The smallest that is printed: 20 mm.
	all["pdf of 20 mm"] = printed(t, must(plain.PDF(qr.MinMillimetres, at))(t))
	return all
}

func must(body []byte, err error) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
}

// printed is a page at 254 dots an inch, ten a millimetre.
func printed(t *testing.T, pdf []byte) image.Image {
	t.Helper()
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not installed; scripts/packages.sh installs it")
	}
	command := exec.CommandContext(t.Context(), program, "-png", "-r", "254", "-singlefile", "-")
	command.Stdin = bytes.NewReader(pdf)
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// Each length has a version of its own, and each version its marks.
func TestLogosHideNothingThatReadersNeed(t *testing.T) {
	for length := 20; length <= 250; length += 23 {
		text := "https://pay.example/" + strings.Repeat("a-path/", 40)[:length-20]
		picture, err := png.Decode(bytes.NewReader(must(mustLogoCode(t, text).PNGWithLogo(500, logo()))(t)))
		if err != nil {
			t.Fatal(err)
		}
		readTwice(t, strconv.Itoa(length)+" bytes", picture, text)
	}
}

func TestEveryFormIsReadByTwoReaders(t *testing.T) {
	for what, picture := range drawings(t) {
		readTwice(t, what, picture, url)
	}
}

// A poster is seen from the side, out of focus, on paper that has lived.
func TestCodesSurviveBlurAndTurning(t *testing.T) {
	for what, picture := range map[string]image.Image{
		"plain":     printedAt(t, mustCode(t, url).PNG),
		"with logo": printedAt(t, func(size int) ([]byte, error) { return mustLogoCode(t, url).PNGWithLogo(size, logo()) }),
	} {
		radius := picture.Bounds().Dx() / 49 / 3 // smears over two thirds of a module
		for _, degrees := range angles {
			readTwice(t, what+" turned", turned(picture, degrees), url)
			readTwice(t, what+" turned and blurred", blurred(turned(picture, degrees), radius), url)
		}
		stained := turned(picture, 0)
		draw.Draw(stained, image.Rect(0, 0, 40, 40).Add(image.Pt(350, 500)), image.NewUniform(color.RGBA{90, 60, 30, 255}), image.Point{}, draw.Src)
		readTwice(t, what+" with a stain", stained, url)
	}
}

func printedAt(t *testing.T, drawn func(int) ([]byte, error)) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(must(drawn(700))(t)))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// turned is the picture on a white ground, turned around its middle.
func turned(picture image.Image, degrees float64) *image.RGBA {
	const edge = 1000
	out := image.NewRGBA(image.Rect(0, 0, edge, edge))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	c := float64(picture.Bounds().Dx()) / 2
	m := f64.Aff3{cos, -sin, edge/2 - c*cos + c*sin, sin, cos, edge/2 - c*sin - c*cos}
	draw.BiLinear.Transform(out, m, picture, picture.Bounds(), draw.Src, nil)
	return out
}

// blurred averages over a square of radius pixels around each.
func blurred(picture *image.RGBA, radius int) image.Image {
	out := image.NewGray(picture.Rect)
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			sum, count := 0, 0
			for dy := -radius; dy <= radius; dy += 2 {
				for dx := -radius; dx <= radius; dx += 2 {
					if image.Pt(x+dx, y+dy).In(picture.Rect) {
						sum += int(picture.RGBAAt(x+dx, y+dy).G)
						count++
					}
				}
			}
			out.SetGray(x, y, color.Gray{uint8(sum / count)})
		}
	}
	return out
}
