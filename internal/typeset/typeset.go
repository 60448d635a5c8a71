// Package typeset turns text into outlines, for pictures and print: shaped
// (joined Arabic, accents), in both directions, broken into lines. It has its
// own fonts, so that it draws the same everywhere.
//
// Letters that the fonts lack, such as emoji and Chinese, are left out.
package typeset

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// Style is how a text is set. Lengths are in whatever unit the caller draws in.
type Style struct {
	Size     float64 // of the letters
	Leading  float64 // from line to line
	Tracking float64 // added between letters, in sizes; never within Arabic
	Weight   Weight
	Width    float64 // of the lines; 0 is one line of any width
	Lines    int     // at most, then the text ends with an ellipsis; 0 is any number
	RTL      bool    // lines start at the right; a text without letters of a direction runs so
}

// Block is a text that was set. Its corner at the top left is 0, 0; y grows
// downwards.
type Block struct {
	Path   Path
	Width  float64 // of the widest line
	Height float64
	Lines  int
	Cut    bool // it did not fit
}

// shapedAt is the size in which letters are shaped, fine enough for any drawing.
const shapedAt = 1024

// ascent is where the line of the letters lies within their size.
const ascent = 0.96

// Drawable is the text without what can't be drawn, in one line.
func Drawable(text string, w Weight) string {
	has := fonts()[w].faces()
	kept := strings.Map(func(r rune) rune {
		switch {
		case marks(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
			return -1
		case !has.has(r):
			return -1
		}
		return r
	}, text)
	if strings.IndexFunc(kept, func(r rune) bool { return !marks(r) && r != ' ' }) < 0 {
		return ""
	}
	return strings.Join(strings.Fields(kept), " ")
}

// marks reports whether a character shows nothing and gives those beside it a direction.
func marks(r rune) bool { return r == '\u200e' || r == '\u200f' || r == '\u061c' }

// Set sets a text. The block is empty when nothing of it can be drawn.
func Set(text string, s Style) Block {
	runes := []rune(Drawable(text, s.Weight))
	if len(runes) == 0 {
		return Block{}
	}
	scale := s.Size / shapedAt
	lines, cut := s.lines(runes, scale)
	b := Block{Lines: len(lines), Height: float64(len(lines)) * s.Leading, Cut: cut}
	for i, line := range lines {
		width := float64(advance(line)) / 64 * scale
		x := 0.0
		if s.RTL {
			x = s.Width - width
		}
		b.Width = max(b.Width, width)
		b.Path.addLine(line, x, s.baseline(i), scale)
	}
	return b
}

// baseline is where the letters of a line stand, from the top of the text.
func (s Style) baseline(line int) float64 {
	return float64(line)*s.Leading + (s.Leading-s.Size)/2 + ascent*s.Size
}

// lines shapes the text and breaks it.
func (s Style) lines(runes []rune, scale float64) (lines []shaping.Line, cut bool) {
	rtl := rightToLeft(runes, s.RTL)
	levels := levels(runes, rtl)
	input := shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: direction(rtl), Size: fixed.I(shapedAt), Language: language.NewLanguage("en"),
	}
	var segmenter shaping.Segmenter
	var shaper shaping.HarfbuzzShaper
	parts := byLevel(segmenter.Split(input, fonts()[s.Weight].faces()), levels)
	runs := make([]shaping.Output, len(parts))
	for i, part := range parts {
		runs[i] = shaper.Shape(part)
		if s.Tracking != 0 && part.Script != language.Arabic {
			runs[i].AddLetterSpacing(fixed.Int26_6(s.Tracking*shapedAt*64), i == 0, i == len(parts)-1)
		}
	}
	width := 1 << 20
	if s.Width > 0 {
		width = int(s.Width / scale)
	}
	config := shaping.WrapConfig{Direction: input.Direction, TruncateAfterLines: s.Lines, DisableTrailingWhitespaceTrim: true}
	ellipsis := []rune("…")
	config.Truncator = shaper.Shape(shaping.Input{
		Text: ellipsis, RunEnd: 1, Direction: di.DirectionLTR, Face: fonts()[s.Weight].faces()[0], Size: input.Size, Script: language.Latin, Language: input.Language,
	})
	var wrapper shaping.LineWrapper
	wrapped, missing := wrapper.WrapParagraph(config, width, runes, shaping.NewSliceIterator(runs))
	for _, line := range wrapped {
		arrange(line, runes, levels, rtl)
	}
	return wrapped, missing > 0
}

func direction(rtl bool) di.Direction {
	if rtl {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

func advance(line shaping.Line) (sum fixed.Int26_6) {
	for _, run := range line {
		sum += run.Advance
	}
	return sum
}

// Fit sets a text in the largest size, from s.Size down to least, in which it
// fits the lines; in the least it is cut.
func Fit(text string, s Style, least float64) Block {
	for {
		b := Set(text, s)
		if !b.Cut && b.Width <= s.Width || s.Size <= least {
			return b
		}
		smaller := max(least, s.Size*0.94)
		s.Leading *= smaller / s.Size
		s.Size = smaller
	}
}
