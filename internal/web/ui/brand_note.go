package ui

import "fmt"

// BrandNote tells a merchant what becomes of a brand colour on payers' pages:
// which text stands on it and at what contrast (WCAG 2.2), or that it is shown
// darker because no text would be readable on it. "" for what is no colour.
func BrandNote(hex string) string {
	brand, ok := parseColour(hex)
	if !ok {
		return ""
	}
	ground, on := readable(brand, white(), ink())
	if ground != brand {
		return fmt.Sprintf("Shown a little darker, as %s, so that white text on it can be read.", ground)
	}
	text := "White"
	if on != white() {
		text = "Dark"
	}
	return fmt.Sprintf("%s text stands on it, at a contrast of %.1f to 1.", text, contrast(ground, on))
}
