package ui

import "smartlinks/internal/i18n"

// BrandNote tells a merchant what becomes of a brand colour on payers' pages:
// which text stands on it and at what contrast (WCAG 2.2), or that it is shown
// darker because no text would be readable on it. "" for what is no colour.
func BrandNote(t i18n.Translator, hex string) string {
	brand, ok := parseColour(hex)
	if !ok {
		return ""
	}
	ground, on := readable(brand, white(), ink())
	if ground != brand {
		return t.T("Shown a little darker, as {{.Colour}}, so that white text on it can be read.", "Colour", ground.String())
	}
	ratio := t.Decimal(contrast(ground, on), 1)
	if on != white() {
		return t.T("Text on it is dark, at a contrast of {{.Contrast}} to 1.", "Contrast", ratio)
	}
	return t.T("Text on it is white, at a contrast of {{.Contrast}} to 1.", "Contrast", ratio)
}
