package ui

// LetterColors are a brand's colours for e-mails, which bring their own style.
// Text on each ground has a contrast of at least 4.5:1.
type LetterColors struct {
	Button, OnButton, Text, Tint       string
	DarkButton, DarkOnButton, DarkText string
	Mark, OnMark                       string
}

// LetterBrand makes them of a brand as BrandCSS takes it.
func LetterBrand(hex string) LetterColors {
	brand := brandColour(hex)
	light, dark := lightPalette(brand), darkPalette(brand)
	mark, onMark := readable(brand, white(), ink())
	return LetterColors{
		Button: light.button.String(), OnButton: light.onButton.String(), Text: light.text.String(),
		Tint:       brand.mix(white(), 0.06).String(),
		DarkButton: dark.button.String(), DarkOnButton: dark.onButton.String(), DarkText: dark.text.String(),
		Mark: mark.String(), OnMark: onMark.String(),
	}
}
