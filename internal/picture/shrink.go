package picture

import (
	"image"
	"image/draw"
)

// shrink returns the picture with sides of at most most pixels, every pixel the
// average of those that it stands for. It works row by row, so that a large
// picture needs no second copy in memory.
func shrink(src image.Image, most int) *image.RGBA {
	from := src.Bounds()
	w, h := fit(from.Dx(), from.Dy(), most)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	line := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	sums := make([]uint64, w*4)
	for y := range h {
		clear(sums)
		top, bottom := span(y, h, from.Dy())
		for sy := top; sy < bottom; sy++ {
			draw.Draw(line, line.Rect, src, image.Pt(from.Min.X, from.Min.Y+sy), draw.Src)
			addLine(sums, line.Pix, w, from.Dx())
		}
		row := dst.Pix[y*dst.Stride:]
		for x := range w {
			left, right := span(x, w, from.Dx())
			count := uint64((right - left) * (bottom - top))
			for c := range 4 {
				row[x*4+c] = uint8((sums[x*4+c] + count/2) / count)
			}
		}
	}
	return dst
}

// addLine adds the pixels of a line to the sums of the w columns they fall in.
func addLine(sums []uint64, line []byte, w, width int) {
	for x := range w {
		left, right := span(x, w, width)
		for i := left * 4; i < right*4; i += 4 {
			sums[x*4] += uint64(line[i])
			sums[x*4+1] += uint64(line[i+1])
			sums[x*4+2] += uint64(line[i+2])
			sums[x*4+3] += uint64(line[i+3])
		}
	}
}

// span is the range of the n source pixels that the i-th of parts stands for;
// it is never empty.
func span(i, parts, n int) (from, to int) { return i * n / parts, (i + 1) * n / parts }

// fit returns the sides of a picture whose longer one is at most most; a small
// picture stays as it is.
func fit(w, h, most int) (int, int) {
	long := max(w, h)
	if long <= most {
		return w, h
	}
	return max(1, w*most/long), max(1, h*most/long)
}
