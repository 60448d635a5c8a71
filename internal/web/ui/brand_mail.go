package ui

// MailColors are a brand's colours for e-mails, which bring their own style.
// Text on each ground has a contrast of at least 4.5:1.
type MailColors struct {
	Button, OnButton, Text, Tint       string
	DarkButton, DarkOnButton, DarkText string
	Mark, OnMark                       string
}

// MailBrand makes them of a brand as BrandCSS takes it.
func MailBrand(hex string) MailColors {
	brand := brandColour(hex)
	light, dark := lightPalette(brand), darkPalette(brand)
	mark, onMark := readable(brand, white(), ink())
	return MailColors{
		Button: light.button.String(), OnButton: light.onButton.String(), Text: light.text.String(),
		Tint:       brand.mix(white(), 0.06).String(),
		DarkButton: dark.button.String(), DarkOnButton: dark.onButton.String(), DarkText: dark.text.String(),
		Mark: mark.String(), OnMark: onMark.String(),
	}
}
