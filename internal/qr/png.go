package qr

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"
)

// The sizes of a PNG in pixels along an edge.
const (
	DefaultSize = 200
	MinSize     = 64
	MaxSize     = 2000
)

// SizeError says that a code can't be drawn at the size, and which sizes it can.
type SizeError struct{ Min, Max int }

// Error returns the sentence.
func (e *SizeError) Error() string {
	return fmt.Sprintf("Choose a size between %d and %d pixels.", e.Min, e.Max)
}

// PNG draws the code on size × size pixels of one bit. Each module is a whole
// number of pixels, so that edges stay sharp, and what remains widens the quiet
// zone. The error is a *SizeError, also when a long code needs more than size.
func (c Code) PNG(size int) ([]byte, error) {
	if size < max(MinSize, c.Edge()) || size > MaxSize {
		return nil, &SizeError{Min: max(MinSize, c.Edge()), Max: MaxSize}
	}
	packed, err := compress(c.scanlines(size))
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	const depth, grey = 1, 0
	header := binary.BigEndian.AppendUint32(nil, uint32(size))
	header = binary.BigEndian.AppendUint32(header, uint32(size))
	header = append(header, depth, grey, 0, 0, 0)

	picture := make([]byte, 0, len(packed)+100)
	picture = append(picture, "\x89PNG\r\n\x1a\n"...)
	picture = appendChunk(picture, "IHDR", header)
	picture = appendChunk(picture, "IDAT", packed)
	return appendChunk(picture, "IEND", nil), nil
}

// scanlines are the pixels row by row, eight a byte with white as 1, each row
// behind a zero that says it is not filtered (PNG, clauses 7.2 and 9).
func (c Code) scanlines(size int) []byte {
	stride := 1 + (size+7)/8
	lines := bytes.Repeat([]byte{0xff}, stride*size)
	for y := range size {
		lines[y*stride] = 0
	}
	module := size / c.Edge()
	offset := (size - module*c.Edge()) / 2
	drawn := -1
	for _, r := range c.Runs() {
		top := offset + r.Y*module
		line := lines[top*stride+1 : (top+1)*stride]
		for x := offset + r.X*module; x < offset+(r.X+r.Length)*module; x++ {
			line[x/8] &^= 0x80 >> (x % 8)
		}
		drawn = max(drawn, r.Y)
	}
	for y := QuietZone; y <= drawn; y++ { // the other pixel rows of each module
		top := offset + y*module
		for i := 1; i < module; i++ {
			copy(lines[(top+i)*stride:(top+i+1)*stride], lines[top*stride:])
		}
	}
	return lines
}

// compressors rest here between pictures: making one takes longer than its
// picture.
var compressors sync.Pool

func compress(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, resting := compressors.Get().(*zlib.Writer)
	if resting {
		w.Reset(&b)
	} else {
		var err error
		if w, err = zlib.NewWriterLevel(&b, zlib.BestSpeed); err != nil {
			return nil, err
		}
	}
	defer compressors.Put(w)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// appendChunk writes a chunk with its length and checksum (PNG, clause 5.3).
func appendChunk(picture []byte, name string, data []byte) []byte {
	picture = binary.BigEndian.AppendUint32(picture, uint32(len(data)))
	start := len(picture)
	picture = append(append(picture, name...), data...)
	return binary.BigEndian.AppendUint32(picture, crc32.ChecksumIEEE(picture[start:]))
}
