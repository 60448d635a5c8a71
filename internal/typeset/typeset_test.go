package typeset_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"smartlinks/internal/typeset"
)

func style() typeset.Style {
	return typeset.Style{Size: 20, Leading: 24, Width: 200, Weight: typeset.Bold}
}

func TestLinesKeepTheirWidth(t *testing.T) {
	text := strings.Repeat("Photography workshop ", 6)
	for _, rtl := range []bool{false, true} {
		s := style()
		s.RTL = rtl
		b := typeset.Set(text, s)
		if b.Lines < 3 || b.Width > s.Width || b.Height != float64(b.Lines)*24 || b.Cut {
			t.Errorf("%+v", b)
		}
		s.Lines = 2
		if cut := typeset.Set(text, s); cut.Lines != 2 || !cut.Cut || cut.Width > s.Width {
			t.Errorf("cut: %d lines, %.0f wide, %v", cut.Lines, cut.Width, cut.Cut)
		}
	}
}

// Joined letters are narrower than the same ones apart.
func TestArabicIsJoined(t *testing.T) {
	s := style()
	s.Width = 0
	joined, apart := typeset.Set("ورشة التصوير", s), typeset.Set("و ر ش ة ا ل ت ص و ي ر", s)
	if joined.Width == 0 || joined.Width > 0.75*apart.Width {
		t.Errorf("%.1f wide, %.1f apart", joined.Width, apart.Width)
	}
}

func TestRightToLeftLinesStartAtTheRight(t *testing.T) {
	s := style()
	s.RTL = true
	b := typeset.Set("ورشة", s)
	for _, segment := range b.Path {
		if segment.Points[0].X < s.Width-b.Width-2 {
			t.Fatalf("drawn at %.1f, the line is %.1f wide", segment.Points[0].X, b.Width)
		}
	}
}

func TestWhatCannotBeDrawnIsLeftOut(t *testing.T) {
	for text, want := range map[string]string{
		"Summer 🎉 sale": "Summer sale", "夏のセール": "", "Ärger & Œuvre Ωμέγα Привет": "Ärger & Œuvre Ωμέγα Привет",
		"Line\none\u202e": "Line one", "": "", "€89.00": "€89.00", "ورشة، 89.00\u00a0€": "ورشة، 89.00 €",
	} {
		if got := typeset.Drawable(text, typeset.Bold); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if b := typeset.Set("夏", style()); b.Lines != 0 || len(b.Path) != 0 {
		t.Errorf("%+v", b)
	}
}

func TestTextIsMadeSmallerToFit(t *testing.T) {
	s := style()
	s.Lines = 1
	b := typeset.Fit("pay.example/studio-noord", s, 8)
	if b.Cut || b.Width > s.Width || b.Lines != 1 {
		t.Errorf("%.0f wide, %d lines, cut %v", b.Width, b.Lines, b.Cut)
	}
	if b := typeset.Fit(strings.Repeat("much too long ", 20), s, 18); !b.Cut || b.Lines != 1 {
		t.Errorf("%d lines, cut %v", b.Lines, b.Cut)
	}
}

func TestPathsAreFilled(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 60, 30))
	typeset.Fill(img, typeset.Rounded(10, 5, 40, 20, 6), color.Black)
	for at, want := range map[image.Point]int{{30, 15}: 255, {10, 5}: 0, {5, 15}: 0, {12, 15}: 255, {55, 28}: 0} {
		if got := int(img.RGBAAt(at.X, at.Y).A); got > want+60 || got+60 < want {
			t.Errorf("%v: %d, want about %d", at, got, want)
		}
	}
}

func FuzzSet(f *testing.F) {
	for _, text := range []string{"", "Hi", "ورشة Photo 🎉", "\xff\u202e\u0301", strings.Repeat("x", 300)} {
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, rtl bool) {
		s := style()
		s.RTL, s.Lines = rtl, 2
		if b := typeset.Set(text, s); b.Lines > 2 {
			t.Errorf("%d lines", b.Lines)
		}
	})
}
