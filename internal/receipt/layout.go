package receipt

import (
	"bytes"
	"context"
	"image"
	"image/color"
	_ "image/jpeg" // logos are JPEG or PNG
	_ "image/png"
	"strconv"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/receipt/pdf"
	"smartlinks/internal/typeset"
)

// The colours of print.
func ink() color.RGBA      { return color.RGBA{0x15, 0x18, 0x23, 255} }
func muted() color.RGBA    { return color.RGBA{0x56, 0x5e, 0x72, 255} }
func hairline() color.RGBA { return color.RGBA{0xd5, 0xd9, 0xe0, 255} }

// The page, in points.
const (
	margin   = 56.0
	measure  = pdf.Width - 2*margin
	bottom   = pdf.Height - 72
	gutter   = 24.0
	logoSide = 40.0
	logoMost = 240 // pixels
)

// sheet is a document that is laid out, from the top of the first page to the last.
type sheet struct {
	*pdf.Document
	rtl bool
	y   float64
}

// PDF is the document as PDF/A. A logo that can't be read is left out.
func (r *Receipts) PDF(ctx context.Context, d Document) ([]byte, error) {
	s := &sheet{Document: &pdf.Document{Title: plain(d.Title), Language: d.texts.Lang(), At: d.At}, rtl: d.texts.Dir() == "rtl", y: margin}
	s.AddPage()
	logo, err := r.logo(ctx, d)
	if err != nil {
		return nil, err
	}
	s.head(d, logo)
	s.columns(d.Issuer, d.Payer)
	s.y += 18
	s.facts(d.What)
	s.facts(d.Paid)
	s.y += 8
	s.sum(d)
	if d.Test != "" {
		s.y += 14
		s.paragraph(d.Test, margin, measure, 10, typeset.Bold, ink())
	}
	s.foot(d)
	return s.Bytes()
}

// logo is the business's picture, nil without one.
func (r *Receipts) logo(ctx context.Context, d Document) (image.Image, error) {
	if d.business.LogoID == "" {
		return nil, nil
	}
	stored, err := r.Businesses.Image(ctx, d.business.ID, d.business.LogoID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(stored.Body))
	if err != nil {
		return nil, nil //nolint:nilerr // the name stands alone
	}
	return img, nil
}

// plain turns the marks that keep a value apart in a sentence from right to left into those
// that typeset knows.
func plain(s string) string {
	return strings.NewReplacer("\u2068", "\u200e", "\u2069", "\u200e").Replace(s)
}

func (s *sheet) style(size float64, w typeset.Weight, width float64) typeset.Style {
	leading := size * 1.45
	if s.rtl { // its marks reach further
		leading = size * 1.6
	}
	return typeset.Style{Size: size, Leading: leading, Weight: w, Width: width, RTL: s.rtl}
}

// x mirrors what is width wide where lines start at the right.
func (s *sheet) x(left, width float64) float64 {
	if s.rtl {
		return pdf.Width - left - width
	}
	return left
}

// paragraph sets a text and its line breaks below y, over pages, and moves y behind it.
func (s *sheet) paragraph(text string, left, width, size float64, w typeset.Weight, c color.RGBA) {
	style := s.style(size, w, width)
	for part := range strings.SplitSeq(plain(text), "\n") {
		lines, _ := typeset.Lines(part, style)
		for i, l := range lines {
			if s.y+style.Leading > bottom {
				s.AddPage()
				s.y = margin
			}
			l.Baseline -= float64(i) * style.Leading
			s.Line(l, s.x(left, width), s.y, size, c)
			s.y += style.Leading
		}
	}
}

// head is the business and the title.
func (s *sheet) head(d Document, logo image.Image) {
	left := margin
	if logo != nil {
		bounds := logo.Bounds()
		w, h := logoSide*float64(bounds.Dx())/float64(bounds.Dy()), logoSide
		if w > 3*logoSide {
			w, h = 3*logoSide, 3*logoSide*float64(bounds.Dy())/float64(bounds.Dx())
		}
		s.Image(logo, s.x(left, w), s.y, w, h, logoMost)
		left += w + 12
	}
	top := s.y
	s.y += (logoSide - 20) / 2
	s.paragraph(d.business.Name, left, margin+measure-left, 14, typeset.Bold, ink())
	s.y = max(s.y, top+logoSide) + 26
	s.paragraph(d.Title, margin, measure, 22, typeset.Bold, ink())
	s.y += 10
}

// columns are two lists of facts beside each other, each line under its label.
func (s *sheet) columns(first, second []Fact) {
	width := (measure - gutter) / 2
	page, top := s.Pages(), s.y
	end, on := top, page
	for i, list := range [][]Fact{first, second} {
		if s.Pages() != page { // the first was longer than the page
			top = s.y
		}
		s.y = top
		for _, f := range list {
			s.paragraph(f.Label, margin+float64(i)*(width+gutter), width, 8.5, typeset.Regular, muted())
			s.paragraph(f.text(), margin+float64(i)*(width+gutter), width, 10.5, typeset.Regular, ink())
			s.y += 5
		}
		if s.Pages() != on { // what came before ended on another page
			end, on = s.y, s.Pages()
		}
		end = max(end, s.y)
	}
	s.y = end
}

// text is the value, from left to right where it is a figure.
func (f Fact) text() string {
	if f.Figure {
		return "\u200e" + f.Value
	}
	return f.Value
}

// facts are labels and values beside each other.
func (s *sheet) facts(list []Fact) {
	const label = 150.0
	for _, f := range list {
		if s.y+20 > bottom {
			s.AddPage()
			s.y = margin
		}
		top, page := s.y, s.Pages()
		s.paragraph(f.Label, margin, label-12, 10.5, typeset.Regular, muted())
		end, behind := s.y, s.Pages()
		if behind == page {
			s.y = top
		}
		s.paragraph(f.text(), margin+label, measure-label, 10.5, typeset.Regular, ink())
		if s.Pages() == behind { // else the label ends on a page before
			s.y = max(s.y, end)
		}
		s.y += 4
		if s.Pages() != page {
			s.y += 4
		}
	}
}

// sum is what the amount is made of, the amount, and its VAT.
func (s *sheet) sum(d Document) {
	if s.y+float64(len(d.Parts)+len(d.Taxes)+2)*22 > bottom {
		s.AddPage()
		s.y = margin
	}
	s.rule()
	for _, f := range d.Parts {
		s.amount(f.Label, f.Value, 10.5, typeset.Regular, ink())
	}
	if len(d.Parts) > 0 {
		s.rule()
	}
	s.amount(d.texts.T("receipt.total"), d.Amount, 13, typeset.Bold, ink())
	s.rule()
	for _, f := range d.Taxes {
		s.amount(f.Label, f.Value, 9.5, typeset.Regular, muted())
	}
}

func (s *sheet) rule() {
	s.y += 5
	s.Rectangle(margin, s.y, measure, 0.75, hairline())
	s.y += 7
}

// amount is a line of the sum, its amount at the end.
func (s *sheet) amount(label, amount string, size float64, w typeset.Weight, c color.RGBA) {
	const room = 150.0
	top := s.y
	style := s.style(size, w, room)
	if lines, _ := typeset.Lines(plain(amount), style); len(lines) > 0 {
		l := lines[0]
		if l.X = 0; !s.rtl {
			l.X = room - l.Width
		}
		s.Line(l, s.x(margin+measure-room, room), top, size, c)
	}
	s.paragraph(label, margin, measure-room-gutter, size, w, c)
	s.y = max(s.y, top+style.Leading) + 2
}

// foot is the number and the page, on each page of several.
func (s *sheet) foot(d Document) {
	all := s.Pages()
	for page := range all {
		s.On(page, func() {
			s.y = pdf.Height - 56
			s.Rectangle(margin, s.y-6, measure, 0.75, hairline())
			text := d.Number
			if all > 1 {
				text = plain(d.texts.T("receipt.page", "Page", strconv.Itoa(page+1), "Pages", strconv.Itoa(all))) + " · " + d.Number
			}
			lines, _ := typeset.Lines("\u200e"+text, s.style(8.5, typeset.Regular, measure))
			for _, l := range lines {
				s.Line(l, margin, s.y, 8.5, muted())
			}
		})
	}
}
