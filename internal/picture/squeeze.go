package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
)

// Qualities from which a picture that must be small goes down; below the last
// one fewer pixels look better.
const (
	bestQuality  = 82
	worstQuality = 46
	qualityStep  = 6
)

// squeeze writes a JPEG of at most that many bytes, on white where the picture
// is transparent. It gives up quality first, then pixels.
func squeeze(img *image.RGBA, most int) (Picture, error) {
	flat := image.NewRGBA(img.Rect)
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, img.Rect.Min, draw.Over)
	for {
		for quality := bestQuality; quality >= worstQuality; quality -= qualityStep {
			var to bytes.Buffer
			if err := jpeg.Encode(&to, flat, &jpeg.Options{Quality: quality}); err != nil {
				return Picture{}, fmt.Errorf("encode a picture: %w", err)
			}
			if to.Len() <= most || max(flat.Rect.Dx(), flat.Rect.Dy()) <= 16 {
				return Picture{ContentType: "image/jpeg", Width: flat.Rect.Dx(), Height: flat.Rect.Dy(), Body: to.Bytes()}, nil
			}
		}
		flat = shrink(flat, max(flat.Rect.Dx(), flat.Rect.Dy())*7/8)
	}
}
