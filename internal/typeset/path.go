package typeset

import (
	"slices"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
)

// Op is what a segment of a path does.
type Op uint8

// The operations. A new contour closes the one before.
const (
	Move  Op = iota // to Points[0]
	Line            // to Points[0]
	Quad            // by the control Points[0] to Points[1]
	Cubic           // by the controls Points[0] and Points[1] to Points[2]
)

// Point is a place; y grows downwards.
type Point struct{ X, Y float64 }

// Segment is a piece of a path.
type Segment struct {
	Op     Op
	Points [3]Point
}

// Path is closed contours, to be filled by the rule of winding.
type Path []Segment

// At is the path moved.
func (p Path) At(x, y float64) Path {
	moved := make(Path, len(p))
	for i, s := range p {
		for k := range s.Points {
			s.Points[k].X += x
			s.Points[k].Y += y
		}
		moved[i] = s
	}
	return moved
}

// addLine draws the runs of a line from left to right.
func (p *Path) addLine(line shaping.Line, x, baseline, scale float64) {
	runs := slices.Clone(line)
	slices.SortFunc(runs, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
	for _, run := range runs {
		for _, g := range run.Glyphs {
			p.addGlyph(run, g.GlyphID, x+float64(g.XOffset)/64*scale, baseline-float64(g.YOffset)/64*scale, scale)
			x += float64(g.Advance) / 64 * scale
		}
	}
}

func (p *Path) addGlyph(run shaping.Output, id font.GID, x, y, scale float64) {
	outline, ok := run.Face.GlyphData(id).(font.GlyphOutline)
	if !ok {
		return // a space
	}
	unit := scale * shapedAt / float64(run.Face.Upem())
	for _, s := range outline.Segments {
		to := Segment{Op: ops[s.Op]}
		for i, point := range s.ArgsSlice() {
			to.Points[i] = Point{x + float64(point.X)*unit, y - float64(point.Y)*unit}
		}
		*p = append(*p, to)
	}
}

var ops = map[opentype.SegmentOp]Op{
	opentype.SegmentOpMoveTo: Move, opentype.SegmentOpLineTo: Line, opentype.SegmentOpQuadTo: Quad, opentype.SegmentOpCubeTo: Cubic,
}
