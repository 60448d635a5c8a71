package pdf

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// add writes a font with its glyphs: a composite font whose codes are the glyphs' numbers
// (ISO 32000-1, 9.7).
func (e *embedded) add(f *file) (int, error) {
	program, isCFF, err := fontProgram(e.face.File(), e.used)
	if err != nil {
		return 0, err
	}
	glyphs := slices.Sorted(maps.Keys(e.used))
	name := subsetName(program) + "+" + e.face.Name()
	ascent, descent := e.face.Metrics()
	key, form, kind := "FontFile2", fmt.Sprintf("/Length1 %d", len(program)), "CIDFontType2 /CIDToGIDMap /Identity"
	if isCFF {
		key, form, kind = "FontFile3", "/Subtype /CIDFontType0C", "CIDFontType0"
	}
	body := f.add(stream(form, program))
	descriptor := f.addText("<</Type /FontDescriptor /FontName /%[1]s /Flags 4 /FontBBox [-1000 %[2]s 3000 %[3]s] /ItalicAngle 0 /Ascent %[3]s /Descent %[2]s /CapHeight 700 /StemV 80 /%[4]s %[5]d 0 R>>",
		name, number(descent), number(ascent), key, body)
	var widths strings.Builder
	for i, width := range e.face.Widths(glyphs) {
		fmt.Fprintf(&widths, "%d [%s] ", glyphs[i], number(width))
	}
	descendant := f.addText("<</Type /Font /Subtype /%s /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /W [%s]>>",
		kind, name, descriptor, widths.String())
	unicode := f.add(stream("", []byte(e.unicode(glyphs))))
	return f.addText("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", name, descendant, unicode), nil
}

// subsetName is six letters that tell subsets of one font apart.
func subsetName(program []byte) string {
	sum := sha256.Sum256(program)
	letters := make([]byte, 6)
	for i := range letters {
		letters[i] = 'A' + sum[i]%26
	}
	return string(letters)
}

// unicode says what the glyphs stand for. A glyph that shares its letters with another
// stands for nothing that could be read: a joiner without width.
func (e *embedded) unicode(glyphs []uint16) string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for part := range slices.Chunk(glyphs, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			text := e.used[g]
			if text == "" {
				text = "\u200d"
			}
			fmt.Fprintf(&b, "<%04X> <", g)
			for _, unit := range utf16.Encode([]rune(text)) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.String()
}
