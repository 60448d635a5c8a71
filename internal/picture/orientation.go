package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation returns how a JPEG asks to be turned: 1 to 8, as Exif 2.3 lists
// them at tag 0x0112; 1, upright, for whatever doesn't say. Phones hold the
// sensor sideways and leave the turning to whoever shows the picture.
func orientation(file []byte) int {
	if !bytes.HasPrefix(file, []byte{0xFF, 0xD8}) {
		return 1
	}
	for at := 2; at+4 <= len(file) && file[at] == 0xFF; {
		marker, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		if marker == 0xDA || size < 2 || at+2+size > len(file) { // the scan: no more headers
			return 1
		}
		segment := file[at+4 : at+2+size]
		if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && marker == 0xE1 {
			return exifOrientation(exif)
		}
		at += 2 + size
	}
	return 1
}

// exifOrientation looks through the first directory of a TIFF header.
func exifOrientation(tiff []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return 1
	}
	directory := tiff[start:]
	entries := int(order.Uint16(directory))
	const entrySize = 12
	for i := range entries {
		entry := 2 + i*entrySize
		if entry+entrySize > len(directory) {
			break
		}
		const tagOrientation = 0x0112
		if order.Uint16(directory[entry:]) == tagOrientation {
			if value := int(order.Uint16(directory[entry+8:])); value >= 1 && value <= 8 {
				return value
			}
		}
	}
	return 1
}

// turn returns the picture upright.
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := target(orientation, x, y, w, h)
			copy(dst.Pix[dst.PixOffset(tx, ty):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return dst
}

// target is where the pixel x, y of a picture of w by h belongs.
func target(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // mirrored, upside down
		return x, h - 1 - y
	case 5: // mirrored, on its left side
		return y, x
	case 6: // on its left side: a quarter to the right
		return h - 1 - y, x
	case 7: // mirrored, on its right side
		return h - 1 - y, w - 1 - x
	case 8: // on its right side: a quarter to the left
		return y, w - 1 - x
	}
	return x, y
}
