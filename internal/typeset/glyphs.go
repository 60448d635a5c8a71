package typeset

import (
	"slices"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/shaping"
)

// Face is one of our fonts.
type Face struct {
	Weight Weight
	at     int // in its cut
}

// faceNames are what the fonts call themselves, and their files.
var faceNames = map[Face][2]string{
	{Regular, 0}: {"Inter-Regular", "inter-regular.otf"}, {Regular, 1}: {"NotoSansArabic-Regular", "arabic-regular.ttf"}, {Regular, 2}: {"NotoSansHebrew-Regular", "hebrew-regular.ttf"},
	{Bold, 0}: {"Inter-SemiBold", "inter-semibold.otf"}, {Bold, 1}: {"NotoSansArabic-Bold", "arabic-bold.ttf"}, {Bold, 2}: {"NotoSansHebrew-Bold", "hebrew-bold.ttf"},
}

// Name is what the font calls itself.
func (f Face) Name() string { return faceNames[f][0] }

// File is the font as OpenType has it.
func (f Face) File() []byte {
	body, err := files.ReadFile("fonts/" + faceNames[f][1])
	if err != nil {
		panic(err) // the name is one of ours
	}
	return body
}

// Metrics are the font's own, in thousandths of a size.
func (f Face) Metrics() (ascent, descent float64) {
	face := font.NewFace(fonts()[f.Weight][f.at])
	extents, _ := face.FontHExtents()
	unit := 1000 / float64(face.Upem())
	return float64(extents.Ascender) * unit, float64(extents.Descender) * unit
}

// Widths are the advances of glyphs in thousandths of a size.
func (f Face) Widths(glyphs []uint16) []float64 {
	face := font.NewFace(fonts()[f.Weight][f.at])
	widths := make([]float64, len(glyphs))
	for i, g := range glyphs {
		widths[i] = float64(face.HorizontalAdvance(font.GID(g))) * 1000 / float64(face.Upem())
	}
	return widths
}

// Glyph is a letter as a font draws it.
type Glyph struct {
	Face Face
	ID   uint16
	X, Y float64 // of its origin, from the line's start and baseline; y grows downwards
	Text string  // what it stands for; "" beside another glyph of the same letters
}

// Row is a line of a text that was set.
type Row struct {
	Text     string // in the order in which it is read
	Glyphs   []Glyph
	X, Width float64
	Baseline float64 // from the top of the text
}

// Lines is Set for whoever draws with fonts and not with outlines.
func Lines(text string, s Style) (lines []Row, cut bool) {
	runes := []rune(Drawable(text, s.Weight))
	if len(runes) == 0 {
		return nil, false
	}
	scale := s.Size / shapedAt
	wrapped, cut := s.lines(runes, scale)
	for i, line := range wrapped {
		l := Row{Width: float64(advance(line)) / 64 * scale, Baseline: s.baseline(i)}
		if s.RTL {
			l.X = s.Width - l.Width
		}
		l.Glyphs, l.Text = glyphsOf(line, runes, scale)
		lines = append(lines, l)
	}
	return lines, cut
}

// glyphsOf are the glyphs of a line from left to right, and its text.
func glyphsOf(line shaping.Line, runes []rune, scale float64) (glyphs []Glyph, text string) {
	var read strings.Builder
	for _, run := range line {
		if isCut(run) {
			read.WriteString("…")
			continue
		}
		read.WriteString(string(runes[run.Runes.Offset : run.Runes.Offset+run.Runes.Count]))
	}
	runs := slices.Clone(line)
	slices.SortFunc(runs, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
	x := 0.0
	for _, run := range runs {
		face := faceOf(run.Face.Font)
		said := map[int]bool{} // clusters that have told their letters
		for _, g := range run.Glyphs {
			drawn := Glyph{Face: face, ID: uint16(g.GlyphID), X: x + float64(g.XOffset)/64*scale, Y: -float64(g.YOffset) / 64 * scale}
			if at := g.TextIndex(); isCut(run) {
				drawn.Text = "…"
			} else if !said[at] {
				said[at] = true
				drawn.Text = string(runes[at:min(at+g.RunesCount(), len(runes))])
			}
			glyphs = append(glyphs, drawn)
			x += float64(g.Advance) / 64 * scale
		}
	}
	return glyphs, strings.TrimSpace(read.String())
}

// faceOf tells which of ours a font is.
func faceOf(f *font.Font) Face {
	for weight, cut := range fonts() {
		for at, one := range cut {
			if one == f {
				return Face{weight, at}
			}
		}
	}
	return Face{}
}
