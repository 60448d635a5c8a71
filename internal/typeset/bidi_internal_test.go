package typeset

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/shaping"
)

// drawn are the letters of the text's only line as they stand from left to right.
func drawn(t *testing.T, text string, s Style) string {
	t.Helper()
	runes := []rune(Drawable(text, s.Weight))
	lines, _ := s.lines(runes, s.Size/shapedAt)
	if len(lines) != 1 {
		t.Fatalf("%q: %d lines", text, len(lines))
	}
	line := slices.Clone(lines[0])
	slices.SortFunc(line, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
	var all strings.Builder
	for _, run := range line {
		letters := slices.Clone(runes[run.Runes.Offset : run.Runes.Offset+run.Runes.Count])
		if run.Direction == di.DirectionRTL {
			slices.Reverse(letters)
		}
		all.WriteString(string(letters))
	}
	return all.String()
}

// The orders follow from UAX 9, worked out by hand; Chromium shows the same for dir="auto".
// Only spaces at the end of a line may stand elsewhere, because they have no width.
func TestLettersStandInTheOrderOfUAX9(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		rtl              bool
	}{
		{"Latin alone", "Photo 25", "Photo 25", false},
		{"Latin on a page from the right", "Photo 25", "Photo 25", true},
		{"Arabic in Latin", "Café ابج bar", "Café جبا bar", false},
		{"a number within Arabic within Latin", "Café ابج 25 دهو bar", "Café وهد 25 جبا bar", false},
		{"a number behind Arabic within Latin", "Café ابج 25 bar", "Café 25 جبا bar", false},
		{"a number before Arabic within Latin", "Café 25 ابج", "Café 25 جبا", false},
		{"a date and a price within Arabic", "Café ابج 12/05 دهو 12.50 bar", "Café 12.50 وهد 12/05 جبا bar", false},
		{"Arabic digits after Latin", "Café ٢٥ ابج", "Café جبا ٢٥", false},
		{"brackets around Arabic", "Café (ابج) 25", "Café (جبا) 25", false},
		{"Arabic first", "ابج 25 Photo", "Photo 25 جبا", false},
		{"Arabic first, a sentence", "ابج Photo دهو.", ".وهد Photo جبا", false},
		{"a percentage behind Arabic", "ابج 25%", "%25 جبا", false},
		{"Latin in Arabic", "ابج 25 Photo 30 دهو", "وهد Photo 30 25 جبا", true},
		{"Latin first on a page from the right", "Photo ابج 25", "Photo 25 جبا", true},
		{"a mark from left to right", "Café ابج\u200e 25", "Café جبا\u200e 25", false},
		{"no letters on a page from the right", "(25", "25(", true},
		{"a price behind Arabic, whose sign is not the number's", "Café ابج €25", "Café 25€ جبا", false},
		{"a price behind Hebrew", "Café אבג €25 bar", "Café €25 גבא bar", false},
		{"Hebrew with a percentage", "Café אבג 25% bar", "Café 25% גבא bar", false},
	} {
		if got := drawn(t, c.text, Style{Size: 20, Leading: 24, RTL: c.rtl}); got != c.want {
			t.Errorf("%s: %q is drawn as %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

// Spaces where a line was broken take no room, on whichever side they stand.
func TestSpacesAtTheEndOfALineHaveNoWidth(t *testing.T) {
	for _, text := range []string{"ابج دهو زحط ابج دهو زحط", "Cafe ابج دهو زحط ابج دهو زحط", "Cafe bar and some more"} {
		s := Style{Size: 20, Leading: 24, Width: 90}
		runes := []rune(text)
		lines, _ := s.lines(runes, s.Size/shapedAt)
		if len(lines) < 2 {
			t.Fatalf("%q is not broken", text)
		}
		for _, line := range lines {
			last := line[len(line)-1]
			from, to := line[0].Runes.Offset, last.Runes.Offset+last.Runes.Count
			alone, _ := Style{Size: 20, Leading: 24}.lines([]rune(strings.TrimSpace(string(runes[from:to]))), s.Size/shapedAt)
			if got, want := advance(line), advance(alone[0]); got != want {
				t.Errorf("%q in %q is %v wide, want %v", string(runes[from:to]), text, got, want)
			}
		}
	}
}
