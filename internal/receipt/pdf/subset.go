package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Fonts are cut down to the glyphs of a document. The others become empty and keep their
// numbers, so that nothing that points to a glyph need change.

var errFont = errors.New("pdf: a font has another form than ours")

// tables are those of an OpenType file, by their tags.
func tables(file []byte) (map[string][]byte, error) {
	if len(file) < 12 {
		return nil, errFont
	}
	found := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		at := 12 + 16*i
		if at+16 > len(file) {
			return nil, errFont
		}
		from, length := int(binary.BigEndian.Uint32(file[at+8:])), int(binary.BigEndian.Uint32(file[at+12:]))
		if from+length > len(file) {
			return nil, errFont
		}
		found[string(file[at:at+4])] = file[from : from+length]
	}
	return found, nil
}

// index is an INDEX of CFF (Adobe's Technical Note 5176, 5).
type index struct {
	at, offsets, end int // of the INDEX, of the byte before its data, behind it
	size             int // of an offset
	objects          [][]byte
}

func readIndex(cff []byte, at int) (x index, err error) {
	x.at = at
	if at < 0 || at+3 > len(cff) {
		return x, errFont
	}
	count := int(binary.BigEndian.Uint16(cff[at:]))
	if count == 0 {
		x.end = at + 2
		return x, nil
	}
	x.size = int(cff[at+2])
	x.offsets = at + 3 + (count+1)*x.size - 1
	if x.size < 1 || x.size > 4 || x.offsets >= len(cff) {
		return x, errFont
	}
	offset := func(i int) (n int) {
		for _, b := range cff[at+3+i*x.size : at+3+(i+1)*x.size] {
			n = n<<8 | int(b)
		}
		return x.offsets + n
	}
	x.objects = make([][]byte, count)
	for i := range count {
		from, to := offset(i), offset(i+1)
		if from > to || to > len(cff) {
			return x, errFont
		}
		x.objects[i] = cff[from:to]
	}
	x.end = offset(count)
	return x, nil
}

// charStringsAt reads where the letters stand from a Top DICT: the operand of operator 17.
func charStringsAt(dict []byte) (int, error) {
	operand := 0
	for i := 0; i < len(dict); i++ {
		switch b := int(dict[i]); {
		case b == 17:
			return operand, nil
		case b == 28 && i+2 < len(dict):
			operand = int(int16(binary.BigEndian.Uint16(dict[i+1:])))
			i += 2
		case b == 29 && i+4 < len(dict):
			operand = int(int32(binary.BigEndian.Uint32(dict[i+1:])))
			i += 4
		case b == 30: // a real number ends with a nibble of ones
			for i++; i < len(dict) && dict[i]&0x0f != 0x0f && dict[i]>>4 != 0x0f; i++ {
			}
		case b >= 32 && b <= 246:
			operand = b - 139
		case b >= 247 && b <= 250 && i+1 < len(dict):
			operand = (b-247)*256 + int(dict[i+1]) + 108
			i++
		case b >= 251 && b <= 254 && i+1 < len(dict):
			operand = -(b-251)*256 - int(dict[i+1]) - 108
			i++
		case b == 12:
			i++
		}
	}
	return 0, errFont
}

// endChar ends a letter (Technical Note 5177).
const endChar = 14

// subsetCFF is a CFF font that draws the glyphs alone. What stood behind the letters stays
// at its place: the letters need less room, and zeros fill the rest.
func subsetCFF(cff []byte, keep map[uint16]string) ([]byte, error) {
	if len(cff) < 4 {
		return nil, errFont
	}
	names, err := readIndex(cff, int(cff[2]))
	if err != nil {
		return nil, err
	}
	tops, err := readIndex(cff, names.end)
	if err != nil || len(tops.objects) != 1 {
		return nil, errFont
	}
	at, err := charStringsAt(tops.objects[0])
	if err != nil {
		return nil, err
	}
	letters, err := readIndex(cff, at)
	if err != nil {
		return nil, err
	}
	cut := append([]byte(nil), cff...)
	clear(cut[letters.offsets+1 : letters.end])
	pen := 1
	for i, letter := range letters.objects {
		if _, kept := keep[uint16(i)]; !kept && i != 0 {
			letter = []byte{endChar}
		}
		copy(cut[letters.offsets+pen:letters.end], letter)
		pen += len(letter)
		place := cut[at+3+(i+1)*letters.size : at+3+(i+2)*letters.size]
		for k := range place {
			place[k] = byte(pen >> (8 * (len(place) - 1 - k)))
		}
	}
	if letters.offsets+pen > letters.end {
		return nil, errFont
	}
	return cut, nil
}

// The flags of a part of a composite glyph ("glyf", Composite Glyph Description).
const (
	wordArguments = 1 << 0
	oneScale      = 1 << 3
	moreParts     = 1 << 5
	twoScales     = 1 << 6
	twoByTwo      = 1 << 7
)

// trueType are the tables that a PDF needs of a TrueType font, in their order.
var trueType = []string{"cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"}

// subsetTrueType is a TrueType font that draws the glyphs and what they are made of.
func subsetTrueType(file []byte, keep map[uint16]string) ([]byte, error) {
	all, err := tables(file)
	if err != nil {
		return nil, err
	}
	if len(all["head"]) < 54 || len(all["maxp"]) < 6 {
		return nil, errFont
	}
	count, long := int(binary.BigEndian.Uint16(all["maxp"][4:])), all["head"][51] != 0
	glyph := func(i int) ([]byte, error) {
		var from, to int
		switch loca := all["loca"]; {
		case i >= count:
			return nil, errFont
		case long && 4*i+8 <= len(loca):
			from, to = int(binary.BigEndian.Uint32(loca[4*i:])), int(binary.BigEndian.Uint32(loca[4*i+4:]))
		case !long && 2*i+4 <= len(loca):
			from, to = 2*int(binary.BigEndian.Uint16(loca[2*i:])), 2*int(binary.BigEndian.Uint16(loca[2*i+2:]))
		default:
			return nil, errFont
		}
		if from > to || to > len(all["glyf"]) {
			return nil, errFont
		}
		return all["glyf"][from:to], nil
	}
	used := map[int]bool{0: true}
	var use func(i int) error
	use = func(i int) error {
		if used[i] {
			return nil
		}
		used[i] = true
		outline, err := glyph(i)
		if err != nil {
			return err
		}
		for _, part := range partsOf(outline) {
			if err := use(part); err != nil {
				return err
			}
		}
		return nil
	}
	for id := range keep {
		if err := use(int(id)); err != nil {
			return nil, err
		}
	}
	var outlines, places []byte
	for i := range count + 1 {
		places = binary.BigEndian.AppendUint32(places, uint32(len(outlines)))
		if i < count && used[i] {
			outline, err := glyph(i)
			if err != nil {
				return nil, err
			}
			outlines = append(outlines, outline...)
			outlines = append(outlines, make([]byte, -len(outlines)&3)...)
		}
	}
	head := append([]byte(nil), all["head"]...)
	head[50], head[51] = 0, 1 // places of four bytes
	all["glyf"], all["loca"], all["head"] = outlines, places, head
	return assemble(all), nil
}

// partsOf are the glyphs that a composite one is made of.
func partsOf(outline []byte) (parts []int) {
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return nil
	}
	for at, more := 10, true; more && at+4 <= len(outline); {
		flags := binary.BigEndian.Uint16(outline[at:])
		parts = append(parts, int(binary.BigEndian.Uint16(outline[at+2:])))
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&twoByTwo != 0:
			at += 8
		}
		more = flags&moreParts != 0
	}
	return parts
}

// assemble writes tables as a TrueType file.
func assemble(all map[string][]byte) []byte {
	var present []string
	for _, tag := range trueType {
		if len(all[tag]) > 0 {
			present = append(present, tag)
		}
	}
	search := 1
	for search*2 <= len(present) {
		search *= 2
	}
	power := 0
	for 1<<(power+1) <= len(present) {
		power++
	}
	file := []byte{0, 1, 0, 0}
	for _, n := range []int{len(present), search * 16, power, (len(present) - search) * 16} {
		file = binary.BigEndian.AppendUint16(file, uint16(n))
	}
	at, headAt := 12+16*len(present), 0
	var body []byte
	for _, tag := range present {
		table := all[tag]
		if tag == "head" {
			headAt = at + len(body)
			table = append([]byte(nil), table...)
			clear(table[8:12])
		}
		file = append(file, tag...)
		for _, n := range []uint32{checksum(table), uint32(at + len(body)), uint32(len(table))} {
			file = binary.BigEndian.AppendUint32(file, n)
		}
		body = append(body, table...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	file = append(file, body...)
	binary.BigEndian.PutUint32(file[headAt+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(table []byte) (sum uint32) {
	for at := 0; at < len(table); at += 4 {
		var word [4]byte
		copy(word[:], table[at:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}

// fontProgram is the font cut down to glyphs, and what a PDF calls its form.
func fontProgram(file []byte, keep map[uint16]string) (program []byte, isCFF bool, err error) {
	all, err := tables(file)
	if err != nil {
		return nil, false, err
	}
	if cff := all["CFF "]; cff != nil {
		program, err = subsetCFF(cff, keep)
		isCFF = true
	} else {
		program, err = subsetTrueType(file, keep)
	}
	if err != nil {
		return nil, false, fmt.Errorf("cut a font down: %w", err)
	}
	return program, isCFF, nil
}
