package typeset

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Fill draws the path in a colour, a unit a pixel, with smooth edges.
func Fill(on draw.Image, p Path, c color.Color) {
	box := p.box().Intersect(on.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	open := false
	for _, s := range p {
		at := func(i int) (x, y float32) {
			return float32(s.Points[i].X) - float32(box.Min.X), float32(s.Points[i].Y) - float32(box.Min.Y)
		}
		x0, y0 := at(0)
		x1, y1 := at(1)
		x2, y2 := at(2)
		switch s.Op {
		case Move:
			if open {
				r.ClosePath()
			}
			r.MoveTo(x0, y0)
			open = true
		case Line:
			r.LineTo(x0, y0)
		case Quad:
			r.QuadTo(x0, y0, x1, y1)
		case Cubic:
			r.CubeTo(x0, y0, x1, y1, x2, y2)
		}
	}
	if open {
		r.ClosePath()
	}
	r.Draw(on, box, image.NewUniform(c), image.Point{})
}

// box is the whole pixels around the path.
func (p Path) box() image.Rectangle {
	if len(p) == 0 {
		return image.Rectangle{}
	}
	least, most := p[0].Points[0], p[0].Points[0]
	for _, s := range p {
		for _, at := range s.Points[:pointsOf[s.Op]] {
			least = Point{min(least.X, at.X), min(least.Y, at.Y)}
			most = Point{max(most.X, at.X), max(most.Y, at.Y)}
		}
	}
	return image.Rect(int(math.Floor(least.X)), int(math.Floor(least.Y)), int(math.Ceil(most.X)), int(math.Ceil(most.Y)))
}

// pointsOf is how many points an operation has.
var pointsOf = [...]int{Move: 1, Line: 1, Quad: 2, Cubic: 3}

// Rounded is a rectangle with round corners.
func Rounded(x, y, w, h, radius float64) Path {
	const k = 0.5522847498 // a quarter of a circle as one curve
	r, c := radius, radius*(1-k)
	move := func(x, y float64) Segment { return Segment{Op: Move, Points: [3]Point{{x, y}}} }
	line := func(x, y float64) Segment { return Segment{Op: Line, Points: [3]Point{{x, y}}} }
	curve := func(x1, y1, x2, y2, x3, y3 float64) Segment {
		return Segment{Op: Cubic, Points: [3]Point{{x1, y1}, {x2, y2}, {x3, y3}}}
	}
	return Path{
		move(x+r, y), line(x+w-r, y), curve(x+w-c, y, x+w, y+c, x+w, y+r),
		line(x+w, y+h-r), curve(x+w, y+h-c, x+w-c, y+h, x+w-r, y+h),
		line(x+r, y+h), curve(x+c, y+h, x, y+h-c, x, y+h-r),
		line(x, y+r), curve(x, y+c, x+c, y, x+r, y),
	}
}
