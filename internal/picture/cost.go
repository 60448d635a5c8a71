package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
)

// maxDecoded bounds the memory that a picture takes while it is read, in bytes: 40
// megapixels of a photograph, 32 of a PNG with transparency, 16 with 16 bits a colour.
const maxDecoded = 128 << 20

// decodedSize is how many bytes decoding takes at most, before anything is decoded.
func decodedSize(file []byte, c image.Config) int64 {
	pixels := int64(c.Width) * int64(c.Height)
	if frame, ok := jpegFrame(file); ok {
		return int64(float64(pixels) * frame.bytesPerPixel())
	}
	size := pixels * bytesPerPixel(c.ColorModel)
	const interlace = 28 // where a PNG's header says whether it is (PNG, 11.2.1)
	if bytes.HasPrefix(file, []byte("\x89PNG")) && len(file) > interlace && file[interlace] == 1 {
		size *= 2 // each pass is a picture of its own
	}
	return size
}

// bytesPerPixel of the pictures that the decoders make.
func bytesPerPixel(m color.Model) int64 {
	switch m {
	case color.GrayModel, color.AlphaModel:
		return 1
	case color.Gray16Model, color.Alpha16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBAModel, color.NRGBAModel, color.CMYKModel, color.NYCbCrAModel:
		return 4
	}
	if _, paletted := m.(color.Palette); paletted {
		return 1
	}
	return 8
}

// frame is what a JPEG's frame header says (ITU-T T.81, B.2.2).
type frame struct {
	progressive bool
	samples     float64 // by pixel, of all components
}

// bytesPerPixel counts a byte a sample, and four more for the coefficients that a
// progressive picture keeps until its last scan.
func (f frame) bytesPerPixel() float64 {
	if f.progressive {
		return f.samples * 5
	}
	return f.samples
}

// jpegFrame finds the frame header of a JPEG.
func jpegFrame(file []byte) (frame, bool) {
	if !bytes.HasPrefix(file, []byte{0xFF, 0xD8}) {
		return frame{}, false
	}
	for at := 2; at+4 <= len(file); {
		if file[at] != 0xFF {
			return frame{}, false
		}
		marker := file[at+1]
		if marker == 0xFF { // padding
			at++
			continue
		}
		size := int(binary.BigEndian.Uint16(file[at+2:]))
		if size < 2 || at+2+size > len(file) {
			return frame{}, false
		}
		if marker >= 0xC0 && marker <= 0xC2 {
			return readFrame(file[at+4:at+2+size], marker == 0xC2)
		}
		at += 2 + size
	}
	return frame{}, false
}

func readFrame(header []byte, progressive bool) (frame, bool) {
	const beforeComponents, component = 6, 3
	if len(header) < beforeComponents {
		return frame{}, false
	}
	count := int(header[5])
	if count == 0 || len(header) < beforeComponents+component*count {
		return frame{}, false
	}
	widest, highest, sum := 1, 1, 0
	for i := range count {
		factors := header[beforeComponents+component*i+1]
		h, v := int(factors>>4), int(factors&15)
		widest, highest, sum = max(widest, h), max(highest, v), sum+h*v
	}
	return frame{progressive: progressive, samples: max(1, float64(sum)/float64(widest*highest))}, true
}
