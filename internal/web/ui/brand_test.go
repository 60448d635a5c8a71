package ui

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryBrandIsReadableInLightAndDark(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		brand := hexColour(rapid.Uint32Range(0, 0xffffff).Draw(t, "brand"))
		readableEverywhere(t, brand)
	})
}

func TestExtremeBrandsAreReadable(t *testing.T) {
	for _, hex := range []string{"#000000", "#ffffff", "#ffff00", "#00ff00", "#0000ff", "#ff0000", "#777777", "#808080", "#0e5a5c", "#d9822b", "#ff69b4"} {
		readableEverywhere(t, brandColour(hex))
	}
}

type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

func readableEverywhere(t failer, brand colour) {
	t.Helper()
	grounds := map[string]colour{"light": white(), "dark": darkSurface()}
	for theme, p := range map[string]palette{"light": lightPalette(brand), "dark": darkPalette(brand)} {
		pairs := map[string][2]colour{
			"words on the band":       {p.onBand, p.band},
			"description on the band": {p.softOnBand, p.band},
			"words on the button":     {p.onButton, p.button},
			"links on the page":       {p.text, grounds[theme]},
		}
		for what, pair := range pairs {
			if ratio := contrast(pair[0], pair[1]); ratio < 4.5 {
				t.Errorf("%v %s: %s (%v on %v) have %.2f", brand, theme, what, pair[0], pair[1], ratio)
			}
		}
		if ratio := contrast(p.edge, grounds[theme]); ratio < 3 {
			t.Errorf("%v %s: the button's edge has %.2f", brand, theme, ratio)
		}
		if ratio := contrast(p.fillOnBand, p.band); ratio < 3 {
			t.Errorf("%v %s: the bar has %.2f", brand, theme, ratio)
		}
	}
}

func TestReadableBrandsStayAsTheyAre(t *testing.T) {
	p := lightPalette(brandColour("#0E5A5C"))
	if p.band.String() != "#0e5a5c" || p.onBand != white() || p.button != p.band {
		t.Errorf("band %v, content %v, button %v", p.band, p.onBand, p.button)
	}
	if yellow := lightPalette(brandColour("#ffd400")); yellow.band.String() != "#ffd400" || yellow.onBand != ink() {
		t.Errorf("yellow became %v with %v", yellow.band, yellow.onBand)
	}
}

// The design names #5BBDB8 as the dark button of #0E5A5C.
func TestDarkButtonIsNearTheDesign(t *testing.T) {
	got, want := darkPalette(brandColour("#0e5a5c")).button, brandColour("#5bbdb8")
	a, b := got.oklch(), want.oklch()
	if math.Abs(a.l-b.l) > 0.03 || math.Abs(a.c-b.c) > 0.03 || math.Abs(a.h-b.h) > 0.15 {
		t.Errorf("got %v, the design has %v", got, want)
	}
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	if got := contrast(white(), colour{}); math.Abs(got-21) > 0.001 {
		t.Errorf("black on white is %.3f", got)
	}
	if got := contrast(brandColour("#767676"), white()); math.Abs(got-4.54) > 0.01 {
		t.Errorf("#767676 on white is %.3f", got)
	}
}

func TestUnknownBrandTakesThePlatformColour(t *testing.T) {
	for _, hex := range []string{"", "red", "#12345", "#gggggg", "}*{display:none"} {
		if BrandCSS(hex) != BrandCSS(DefaultBrand) {
			t.Errorf("%q has a stylesheet of its own", hex)
		}
	}
}

func TestBrandSheetsAreServedForEver(t *testing.T) {
	for _, url := range []string{BrandPath("#0E5A5C"), PayPath("#0E5A5C")} {
		answer := httptest.NewRecorder()
		Brand().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, url, nil))
		if answer.Code != http.StatusOK || !strings.Contains(answer.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", url, answer.Code, answer.Header())
		}
		if !strings.Contains(answer.Body.String(), "--band:#0e5a5c") {
			t.Errorf("%s does not hold the brand", url)
		}
	}
	for _, url := range []string{"/brand/0E5A5C.css", "/brand/0e5.css", "/brand/0e5a5c", "/brand/x.css", "/brand/pay/x.css"} {
		answer := httptest.NewRecorder()
		Brand().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, url, nil))
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", url, answer.Code)
		}
	}
}

func ExampleBrandPath() {
	fmt.Println(strings.SplitN(BrandPath("#0E5A5C"), "?", 2)[0])
	// Output: /brand/0e5a5c.css
}
