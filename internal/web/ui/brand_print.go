package ui

import "image/color"

// PrintColors are a brand's colours for pictures and print, which have one
// theme: light.
type PrintColors struct {
	Band, OnBand, SoftOnBand color.RGBA
	Mark, OnMark             color.RGBA // the tile of a logo on white
	Text                     color.RGBA // on white
	Code                     color.RGBA // of QR codes on white: dark enough for every camera
}

// enoughForCodes is the contrast at which readers do not care about colour.
const enoughForCodes = 9

// PrintBrand makes them of a brand as BrandCSS takes it.
func PrintBrand(hex string) PrintColors {
	brand := brandColour(hex)
	light := lightPalette(brand)
	mark, onMark := readable(brand, white(), ink())
	return PrintColors{
		Band: light.band.rgba(), OnBand: light.onBand.rgba(), SoftOnBand: light.softOnBand.rgba(),
		Mark: mark.rgba(), OnMark: onMark.rgba(), Text: light.text.rgba(),
		Code: darkenUntil(brand, white(), enoughForCodes).rgba(),
	}
}

func (c colour) rgba() color.RGBA {
	eight := func(v float64) uint8 { return uint8(min(255, max(0, v*255+0.5))) }
	return color.RGBA{eight(c.r), eight(c.g), eight(c.b), 255}
}
