package print

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"

	"smartlinks/internal/qr"
	"smartlinks/internal/typeset"
)

// Paper is a size that posters are printed in.
type Paper struct {
	Name          string
	Width, Height float64 // millimetres
}

// Papers are the sizes that there are: ISO 216.
func Papers() []Paper {
	return []Paper{{"a6", 105, 148}, {"a5", 148, 210}, {"a4", 210, 297}}
}

// PaperOf finds a size by its name, in any case.
func PaperOf(name string) (Paper, bool) {
	for _, p := range Papers() {
		if p.Name == strings.ToLower(name) {
			return p, true
		}
	}
	return Paper{}, false
}

// PosterWords are what a poster says, in the language of its readers.
type PosterWords struct {
	Scan  string // "Scan to pay"
	Steps [3]string
	Type  string // before the address
	By    string // "Powered by"
}

// The poster is laid out in points of its own, 874 across, and drawn as large
// as the paper.
const (
	posterWidth  = 874.0
	posterMargin = 72.0
	posterLine   = posterWidth - 2*posterMargin
)

// poster is a drawing in the making.
type poster struct {
	Sheet
	page   *fpdf.Fpdf
	unit   float64 // millimetres of a point
	height float64 // points
}

// Poster draws a page to print and hang up, as PDF, with the code of the link.
// at is the creation date that the file carries.
func Poster(s Sheet, words PosterWords, code qr.Code, paper Paper, at time.Time) ([]byte, error) {
	page := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: paper.Width, Ht: paper.Height}})
	page.SetCreationDate(at)
	page.SetModificationDate(at)
	page.SetTitle(s.Title, true)
	page.SetMargins(0, 0, 0)
	page.SetAutoPageBreak(false, 0)
	page.AddPage()
	d := &poster{Sheet: s, page: page, unit: paper.Width / posterWidth, height: posterWidth * paper.Height / paper.Width}
	d.head()
	top := d.title() + 44
	d.panel(top, code, words)
	d.foot(top+panelHeight, words)
	var out bytes.Buffer
	if err := page.Output(&out); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	return out.Bytes(), nil
}

// head is the business.
func (d *poster) head() {
	const side, top, gap = 56, 64, 16
	c := d.colors()
	box := typeset.Rounded(d.x(posterMargin, side), top, side, side, side/4)
	if !d.image(d.x(posterMargin, side), top, side) {
		d.fill(box, c.Mark)
		letter := d.initial(side*0.56, typeset.Bold)
		d.fill(letter.Path.At(d.x(posterMargin, side)+(side-letter.Width)/2, top+(side-letter.Height)/2), c.OnMark)
	}
	width := posterLine - side - gap
	name := typeset.Fit(d.Business, d.style(26, 34, typeset.Bold, width, 1), 16)
	d.fill(name.Path.At(d.x(posterMargin+side+gap, width), top+(side-name.Height)/2), ink())
}

// title is what is paid for and how much; it returns where it ends.
func (d *poster) title() float64 {
	// Narrow paper has the same lines as wide; only two of them, so that the code
	// stays large.
	title := typeset.Fit(d.name(), d.tight(d.style(64, 68, typeset.Bold, posterLine, 2)), 34)
	d.fill(title.Path.At(posterMargin, 170), ink())
	y := 170 + title.Height + 14
	note := firstLine(d.Note)
	if d.Amount != "" {
		amount := typeset.Set(d.Amount, d.tight(d.style(56, 64, typeset.Bold, posterLine, 1)))
		d.fill(amount.Path.At(posterMargin, y), d.colors().Text)
		if width := posterLine - amount.Width - 20; width > 160 && note != "" {
			beside := typeset.Set(note, d.style(24, 30, typeset.Regular, width, 1))
			if !beside.Cut {
				d.fill(beside.Path.At(d.x(posterMargin+amount.Width+20, width), y+28), muted())
			}
		}
		return y + amount.Height
	}
	if below := typeset.Set(note, d.style(24, 32, typeset.Regular, posterLine, 1)); note != "" && !below.Cut {
		d.fill(below.Path.At(posterMargin, y), muted())
		y += below.Height
	}
	return y
}

// The panel that holds the code, and its white square.
const (
	panelHeight = 510.0
	panelInset  = 30.0
	codeSide    = panelHeight - 2*panelInset
)

// panel is the code and how to use it.
func (d *poster) panel(top float64, code qr.Code, words PosterWords) {
	c := d.colors()
	d.fill(typeset.Rounded(posterMargin, top, posterLine, panelHeight, 36), c.Band)
	left := d.x(posterMargin+panelInset, codeSide)
	d.fill(typeset.Rounded(left, top+panelInset, codeSide, codeSide, 20), white())
	module := codeSide / float64(code.Edge())
	d.page.SetFillColor(int(c.Code.R), int(c.Code.G), int(c.Code.B))
	for _, r := range code.Runs() {
		d.page.Rect((left+float64(r.X)*module)*d.unit, (top+panelInset+float64(r.Y)*module)*d.unit, float64(r.Length)*module*d.unit, module*d.unit, "F")
	}
	d.steps(posterMargin+panelInset+codeSide+38, top, words)
}

// steps stand beside the code.
func (d *poster) steps(from, top float64, words PosterWords) {
	c := d.colors()
	width := posterWidth - posterMargin - 24 - from
	scan := typeset.Fit(words.Scan, d.tight(d.style(46, 50, typeset.Bold, width, 3)), 24)
	heights := scan.Height + 22
	const circle, gap = 26.0, 12.0
	var texts [3]typeset.Block
	for i, step := range words.Steps {
		texts[i] = typeset.Fit(step, d.style(19, 25, typeset.Regular, width-circle-gap, 3), 13)
		heights += texts[i].Height + 16
	}
	y := top + (panelHeight-heights)/2
	d.fill(scan.Path.At(d.x(from, width), y), c.OnBand)
	y += scan.Height + 22
	for i, text := range texts {
		x := d.x(from, circle)
		d.fill(typeset.Rounded(x, y, circle, circle, circle/2), c.OnBand)
		d.fill(typeset.Rounded(x+1.5, y+1.5, circle-3, circle-3, circle/2-1.5), c.Band)
		number := typeset.Set(strconv.Itoa(i+1), typeset.Style{Size: 14, Leading: 14, Weight: typeset.Bold})
		d.fill(number.Path.At(x+(circle-number.Width)/2, y+(circle-number.Height)/2), c.OnBand)
		d.fill(text.Path.At(d.x(from+circle+gap, width-circle-gap), y), c.OnBand)
		y += text.Height + 16
	}
}

// foot is the address to type, and whose product this is.
func (d *poster) foot(top float64, words PosterWords) {
	ask := typeset.Fit(words.Type, d.style(18, 26, typeset.Regular, posterLine, 1), 12)
	d.fill(ask.Path.At(posterMargin, top+36), muted())
	// Addresses are written from left to right, and start where lines do.
	address := typeset.Fit(d.Address, typeset.Style{Size: 27, Leading: 36, Weight: typeset.Bold, Width: posterLine, Lines: 1, Tracking: -0.01}, 11)
	d.fill(address.Path.At(d.x(posterMargin, address.Width), top+64), ink())

	line := d.height - 100
	d.fill(typeset.Path{
		{Op: typeset.Move, Points: [3]typeset.Point{{X: posterMargin, Y: line}}}, {Op: typeset.Line, Points: [3]typeset.Point{{X: posterWidth - posterMargin, Y: line}}},
		{Op: typeset.Line, Points: [3]typeset.Point{{X: posterWidth - posterMargin, Y: line + 1}}}, {Op: typeset.Line, Points: [3]typeset.Point{{X: posterMargin, Y: line + 1}}},
	}, hairline())
	by := typeset.Set(words.By, d.style(16, 22, typeset.Regular, posterLine/2, 1))
	name := typeset.Set("Smart Links", typeset.Style{Size: 16, Leading: 22, Weight: typeset.Bold})
	end := posterWidth - posterMargin
	d.fill(name.Path.At(d.x(end-name.Width, name.Width), line+25), ink())
	width := posterLine / 2
	x := end - name.Width - 7 - by.Width
	if d.RTL {
		x = posterMargin + name.Width + 7 + by.Width - width
	}
	d.fill(by.Path.At(x, line+25), muted())
}

// firstLine is the start of a description that fits beside an amount.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
