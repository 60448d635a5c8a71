package sample

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// sampleWalls are the colours of the walls on which products are shown, by their names.
var sampleWalls = map[string]color.RGBA{
	"Premium Bundle":             {0xE9, 0xE4, 0xDA, 0xFF},
	"Portrait Session Gift Card": {0x0E, 0x5A, 0x5C, 0xFF},
}

// samplePicture is a drawing of prints in oak frames on a wall, empty for what has none.
func samplePicture(name string) []byte {
	wall, ok := sampleWalls[name]
	if !ok {
		return nil
	}
	const width, height = 480, 360
	canvas := image.NewRGBA(image.Rect(0, 0, width, height))
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(canvas, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(canvas.Bounds(), wall)
	fill(image.Rect(0, 300, width, height), color.RGBA{0xB9, 0xA4, 0x8A, 0xFF}) // the floor
	for i := range 3 {
		frame := image.Rect(48+i*136, 72+i%2*16, 48+i*136+112, 72+i%2*16+150)
		fill(frame, color.RGBA{0x8A, 0x62, 0x3C, 0xFF})
		fill(frame.Inset(6), color.White)
		print := frame.Inset(20)
		for y := print.Min.Y; y < print.Max.Y; y++ { // a sky above a dark shore
			t := uint8((y - print.Min.Y) * 120 / print.Dy())
			sky := color.RGBA{0x6E + t, 0x8C + t/2, 0xC8 - t/3, 0xFF}
			if y > print.Min.Y+print.Dy()*(5+i)/9 {
				sky = color.RGBA{0x22 + t/4, 0x2E + t/4, 0x3C, 0xFF}
			}
			fill(image.Rect(print.Min.X, y, print.Max.X, y+1), sky)
		}
	}
	var file bytes.Buffer
	_ = png.Encode(&file, canvas) // into memory, where it can't fail
	return file.Bytes()
}
