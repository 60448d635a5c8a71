// Package pdf writes documents that are archived: PDF/A-2b (ISO 19005-2), with text that is
// shaped by typeset and drawn by fonts within the file, so that it can be searched and
// copied. It knows what receipts need and no more.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/image/draw"

	"smartlinks/internal/typeset"
)

// The size of A4, in points. Places on a page are points from its top left.
const (
	Width  = 595.28
	Height = 841.89
)

// Document is one in the making.
type Document struct {
	Title    string
	Language string
	At       time.Time // when it was made, so that it is the same each time
	pages    []*bytes.Buffer
	fonts    []*embedded
	images   [][]byte // XObjects
}

// embedded is a font of the document.
type embedded struct {
	face typeset.Face
	used map[uint16]string // glyphs and what they stand for
}

// AddPage begins the next page.
func (d *Document) AddPage() { d.pages = append(d.pages, &bytes.Buffer{}) }

// Pages is how many there are.
func (d *Document) Pages() int { return len(d.pages) }

// On goes back to a page, by its number from 0, and draws on it.
func (d *Document) On(page int, do func()) {
	kept := d.pages
	d.pages = kept[:page+1]
	do()
	d.pages = kept
}

func (d *Document) page() *bytes.Buffer { return d.pages[len(d.pages)-1] }

func (d *Document) color(c color.RGBA) {
	fmt.Fprintf(d.page(), "%s %s %s rg\n", number(float64(c.R)/255), number(float64(c.G)/255), number(float64(c.B)/255))
}

// Rectangle fills one.
func (d *Document) Rectangle(x, y, w, h float64, c color.RGBA) {
	d.color(c)
	fmt.Fprintf(d.page(), "%s %s %s %s re f\n", number(x), number(Height-y-h), number(w), number(h))
}

// Line draws a line of text that was set in a size, from the left end of its block.
func (d *Document) Line(l typeset.Row, x, y, size float64, c color.RGBA) {
	d.color(c)
	d.page().WriteString("BT\n")
	left, baseline := x+l.X, Height-y-l.Baseline
	for rest := l.Glyphs; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Face == rest[0].Face && rest[n].Y == rest[0].Y {
			n++
		}
		d.run(rest[:n], left, baseline, size)
		rest = rest[n:]
	}
	d.page().WriteString("ET\n")
}

// run draws glyphs of one font in one height.
func (d *Document) run(glyphs []typeset.Glyph, left, baseline, size float64) {
	font := d.font(glyphs[0].Face)
	ids := make([]uint16, len(glyphs))
	for i, g := range glyphs {
		ids[i] = g.ID
		if known, is := d.fonts[font].used[g.ID]; !is || known == "" {
			d.fonts[font].used[g.ID] = g.Text
		}
	}
	widths := glyphs[0].Face.Widths(ids)
	fmt.Fprintf(d.page(), "/F%d %s Tf\n1 0 0 1 %s %s Tm\n[", font, number(size), number(left+glyphs[0].X), number(baseline-glyphs[0].Y))
	pen := glyphs[0].X
	for i, g := range glyphs {
		if back := (pen - g.X) / size * 1000; back > 0.5 || back < -0.5 {
			d.page().WriteString(number(back))
			pen -= back * size / 1000
		}
		fmt.Fprintf(d.page(), "<%04x>", g.ID)
		pen += widths[i] * size / 1000
	}
	d.page().WriteString("] TJ\n")
}

// font is the number of a font in the document.
func (d *Document) font(face typeset.Face) int {
	for i, f := range d.fonts {
		if f.face == face {
			return i
		}
	}
	d.fonts = append(d.fonts, &embedded{face, map[uint16]string{}})
	return len(d.fonts) - 1
}

// Image draws a picture on white, as wide and high as told; side is how many pixels of it
// are kept at most.
func (d *Document) Image(img image.Image, x, y, w, h float64, side int) {
	bounds := img.Bounds()
	if bounds.Empty() {
		return
	}
	across, down := min(side, bounds.Dx()), min(side, bounds.Dy())
	shown := image.NewRGBA(image.Rect(0, 0, across, down))
	draw.Draw(shown, shown.Rect, image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(shown, shown.Rect, img, bounds, draw.Over, nil)
	pixels := make([]byte, 0, 3*across*down)
	for at := 0; at < len(shown.Pix); at += 4 {
		pixels = append(pixels, shown.Pix[at:at+3]...)
	}
	d.images = append(d.images, stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8", across, down), pixels))
	fmt.Fprintf(d.page(), "q %s 0 0 %s %s %s cm /I%d Do Q\n", number(w), number(h), number(x), number(Height-y-h), len(d.images)-1)
}

// number writes one without needless digits.
func number(v float64) string {
	s := strings.TrimRight(fmt.Sprintf("%.3f", v), "0")
	if s = strings.TrimSuffix(s, "."); s == "-0" {
		return "0"
	}
	return s
}

// hexText is a text string of PDF: UTF-16 with its mark.
func hexText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String() + ">"
}

// stream is a compressed stream with the members of its dictionary.
func stream(dictionary string, content []byte) []byte {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, _ = w.Write(content) // a buffer takes everything
	_ = w.Close()
	return plainStream(dictionary+" /Filter /FlateDecode", packed.Bytes())
}

func plainStream(dictionary string, content []byte) []byte {
	head := fmt.Sprintf("<<%s /Length %d>>\nstream\n", dictionary, len(content))
	return append(append([]byte(head), content...), "\nendstream"...)
}

// file collects objects; the first is number 1.
type file struct{ objects [][]byte }

// hold keeps a number for an object that follows.
func (f *file) hold() int {
	f.objects = append(f.objects, nil)
	return len(f.objects)
}

func (f *file) add(object []byte) int {
	n := f.hold()
	f.objects[n-1] = object
	return n
}

func (f *file) addText(format string, arguments ...any) int {
	return f.add([]byte(fmt.Sprintf(format, arguments...)))
}

// Bytes is the file.
func (d *Document) Bytes() ([]byte, error) {
	f := &file{}
	catalog, tree := f.hold(), f.hold()
	var resources strings.Builder
	resources.WriteString("<</Font <<")
	for i, font := range d.fonts {
		n, err := font.add(f)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&resources, "/F%d %d 0 R ", i, n)
	}
	resources.WriteString(">> /XObject <<")
	for i, img := range d.images {
		fmt.Fprintf(&resources, "/I%d %d 0 R ", i, f.add(img))
	}
	resources.WriteString(">>>>")
	shared := f.add([]byte(resources.String()))
	var kids strings.Builder
	for _, content := range d.pages {
		body := f.add(stream("", content.Bytes()))
		fmt.Fprintf(&kids, "%d 0 R ", f.addText("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources %d 0 R /Contents %d 0 R>>", tree, number(Width), number(Height), shared, body))
	}
	f.objects[tree-1] = []byte(fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(d.pages), kids.String()))
	profile := f.add(stream("/N 3", sRGB()))
	metadata := f.add(plainStream("/Type /Metadata /Subtype /XML", d.metadata()))
	f.objects[catalog-1] = []byte(fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang (%s) /ViewerPreferences <</DisplayDocTitle true>> "+
		"/OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile %d 0 R>>]>>", tree, metadata, d.Language, profile))
	info := f.addText("<</Title %s /Producer (%s) /CreationDate (%s) /ModDate (%[3]s)>>", hexText(d.Title), producer, d.At.UTC().Format("D:20060102150405Z"))
	return f.write(catalog, info), nil
}

const producer = "Smart Links"

// metadata says that the file is PDF/A-2b, and the same as its information dictionary.
func (d *Document) metadata() []byte {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	at := d.At.UTC().Format(time.RFC3339)
	return []byte(`<?xpacket begin="` + "\uFEFF" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escape.Replace(d.Title) + `</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>` + producer + `</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>` + at + `</xmp:CreateDate><xmp:ModifyDate>` + at + `</xmp:ModifyDate></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`)
}

// write puts the objects behind each other and says where each begins.
func (f *file) write(catalog, info int) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	places := make([]int, len(f.objects))
	for i, object := range f.objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n", i+1)
		out.Write(object)
		out.WriteString("\nendobj\n")
	}
	id := sha256.Sum256(out.Bytes())
	at := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(f.objects)+1)
	for _, place := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%[4]x>]>>\nstartxref\n%[5]d\n%%%%EOF\n", len(f.objects)+1, catalog, info, id[:16], at)
	return out.Bytes()
}
