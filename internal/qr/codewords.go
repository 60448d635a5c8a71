package qr

// version is the size of a code, 1 to 40: 17 + 4·version modules.
type version int

// level is how much of a code may be lost, by the two bits that name it in the
// format (7.9.1).
type level int

const (
	medium   level = 0b00 // 15 %
	quartile level = 0b11 // 25 %
)

// blocks are the blocks of error correction by version, and the correcting bytes
// of each block: ISO/IEC 18004, table 9.
type blocks struct{ counts, correcting [41]int }

var blocksOf = map[level]blocks{
	medium: {
		counts: [...]int{0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
			17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
		correcting: [...]int{0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
			26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
	},
	quartile: {
		counts: [...]int{0, 1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
			23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
		correcting: [...]int{0, 13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
			28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	},
}

// size is the modules along an edge.
func (v version) size() int { return 17 + 4*int(v) }

// codewords is the bytes that the code holds, data and correction together.
func (v version) codewords() int {
	n := int(v)
	bits := (16*n+128)*n + 64
	if n >= 2 { // alignment marks take their place
		marks := n/7 + 2
		bits -= (25*marks-10)*marks - 55
	}
	if n >= 7 { // so does the version's number, twice
		bits -= 36
	}
	return bits / 8
}

func (v version) dataBytes(l level) int {
	return v.codewords() - blocksOf[l].counts[v]*blocksOf[l].correcting[v]
}

// lengthBits is the width of the field that holds the text's length.
func (v version) lengthBits() int {
	if v < 10 {
		return 8
	}
	return 16
}

// versionFor is the smallest version that holds a text of n bytes, no more than
// the level has room for.
func versionFor(n int, l level) version {
	v := version(1)
	for 4+v.lengthBits()+8*n > 8*v.dataBytes(l) {
		v++
	}
	return v
}

// withoutCenter is the next version that has no alignment mark in its middle.
// Versions 7 to 13 have one; a logo over it makes readers that look for all
// marks, as zbar does, lose their way.
func (v version) withoutCenter() version {
	if v >= 7 && v <= 13 {
		return 14
	}
	return v
}

// dataOf writes the text in byte mode (8.4.5) and fills the version up.
func dataOf(v version, l level, text string) []byte {
	data := make([]byte, 0, v.dataBytes(l)+3)
	const byteMode = 0b0100
	// The mode is half a byte, so every byte after it straddles two.
	var pending byte = byteMode
	push := func(b byte) {
		data = append(data, pending<<4|b>>4)
		pending = b & 0x0f
	}
	if v.lengthBits() == 16 {
		push(byte(len(text) >> 8))
	}
	push(byte(len(text)))
	for i := range len(text) {
		push(text[i])
	}
	push(0) // the terminator ends the last byte
	for fill := byte(0xec); len(data) < v.dataBytes(l); fill ^= 0xec ^ 0x11 {
		data = append(data, fill)
	}
	return data[:v.dataBytes(l)]
}

// interleave splits data into blocks, adds the correction of each, and deals
// their bytes out in turn (8.6). The last blocks are one byte longer.
func interleave(v version, l level, data []byte) []byte {
	count, correcting := blocksOf[l].counts[v], blocksOf[l].correcting[v]
	short := len(data) / count
	shortBlocks := count - len(data)%count
	generator := generatorOf(correcting)
	all := make([]byte, v.codewords())
	for block := range count {
		length := short
		if block >= shortBlocks {
			length++
		}
		for i, b := range data[:length] {
			at := i*count + block
			if i == short { // only the longer blocks have such a byte
				at -= shortBlocks
			}
			all[at] = b
		}
		for i, b := range correctionOf(data[:length], generator) {
			all[v.dataBytes(l)+i*count+block] = b
		}
		data = data[length:]
	}
	return all
}
