package print_test

import (
	"bytes"
	"image/png"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"

	"smartlinks/internal/qr"
	"smartlinks/internal/web/print"
)

func words() print.PosterWords {
	return print.PosterWords{
		Scan: "Scan to pay", Steps: [3]string{"Open your camera", "Point it at the code", "Pay in a minute"},
		Type: "No camera at hand? Type this address:", By: "Powered by",
	}
}

// zbar reads a page with a second reader.
func zbar(t *testing.T, page []byte) string {
	t.Helper()
	program, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed; scripts/packages.sh installs it")
	}
	command := exec.CommandContext(t.Context(), program, "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", "-")
	command.Stdin = bytes.NewReader(page)
	out, err := command.Output()
	if err != nil {
		t.Errorf("zbar reads nothing: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// The brand may be any colour; the code on the poster must be read all the same.
func TestPostersAreReadInEveryColour(t *testing.T) {
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not installed; scripts/packages.sh installs it")
	}
	const url = "https://pay.example/studio-noord/photography-workshop-march?via=qr"
	code, err := qr.New(url)
	if err != nil {
		t.Fatal(err)
	}
	for i, brand := range []string{"#0E5A5C", "#FFFFFF", "#FFE600", "#FF0000", "#00FF00", "#000000"} {
		s := sheet()
		s.Brand, s.RTL = brand, i%2 == 1
		for _, paper := range print.Papers() {
			pdf, err := print.Poster(s, words(), code, paper, time.Unix(0, 0))
			if err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), program, "-png", "-scale-to", "1000", "-singlefile", "-")
			command.Stdin = bytes.NewReader(pdf)
			page, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			picture, err := png.Decode(bytes.NewReader(page))
			if err != nil {
				t.Fatal(err)
			}
			bits, err := gozxing.NewBinaryBitmapFromImage(picture)
			if err != nil {
				t.Fatal(err)
			}
			result, err := reader.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
			if err != nil || result.GetText() != url {
				t.Errorf("%s on %s: %v, %v", brand, paper.Name, result, err)
			}
			if got := zbar(t, page); got != url {
				t.Errorf("%s on %s: zbar reads %q", brand, paper.Name, got)
			}
		}
	}
}

func TestAPosterIsTheSameEachTime(t *testing.T) {
	code, err := qr.New("https://pay.example/a/b?via=qr")
	if err != nil {
		t.Fatal(err)
	}
	draw := func(change func(*print.Sheet)) string {
		s := sheet()
		change(&s)
		paper, _ := print.PaperOf("A5")
		pdf, err := print.Poster(s, words(), code, paper, time.Unix(0, 0))
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Fatal(err)
		}
		return string(pdf)
	}
	plain := draw(func(*print.Sheet) {})
	if plain != draw(func(*print.Sheet) {}) {
		t.Error("two drawings of one poster differ")
	}
	for name, change := range map[string]func(*print.Sheet){
		"emoji": func(s *print.Sheet) { s.Title = "🎉" }, "no amount": func(s *print.Sheet) { s.Amount = "" },
		"a note": func(s *print.Sheet) { s.Note = "On Saturday" }, "long": func(s *print.Sheet) { s.Title = strings.Repeat("Long ", 24) },
		"Arabic": func(s *print.Sheet) { s.Title, s.RTL = "ورشة التصوير", true },
	} {
		if draw(change) == plain {
			t.Errorf("%s: nothing changed", name)
		}
	}
	if _, ok := print.PaperOf("a3"); ok {
		t.Error("there is an A3")
	}
}
