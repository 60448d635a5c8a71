package ui

import (
	"slices"

	"smartlinks/internal/i18n"
)

// TagColours returns the eighteen names a tag's colour may have, in the order
// of the picker. Each has a class "tag-<name>" that colours its mark.
func TagColours() []string {
	return []string{
		"slate", "blue", "indigo", "purple", "pink", "red", "orange", "green", "teal",
		"stone", "sky", "navy", "violet", "rose", "brown", "amber", "lime", "mint",
	}
}

// IsTagColour reports whether name is one of TagColours.
func IsTagColour(name string) bool {
	return slices.Contains(TagColours(), name)
}

func tagClass(name string) string {
	if !IsTagColour(name) {
		name = "slate"
	}
	return "tag-" + name
}

// colourName is the English word for one of TagColours, for i18n.T.
func colourName(colour string) string {
	return map[string]string{
		"slate": i18n.Mark("Slate|a colour"), "blue": i18n.Mark("Blue|a colour"), "indigo": i18n.Mark("Indigo|a colour"),
		"purple": i18n.Mark("Purple|a colour"), "pink": i18n.Mark("Pink|a colour"), "red": i18n.Mark("Red|a colour"),
		"orange": i18n.Mark("Orange|a colour"), "green": i18n.Mark("Green|a colour"), "teal": i18n.Mark("Teal|a colour"),
		"stone": i18n.Mark("Stone|a colour"), "sky": i18n.Mark("Sky|a colour"), "navy": i18n.Mark("Navy|a colour"),
		"violet": i18n.Mark("Violet|a colour"), "rose": i18n.Mark("Rose|a colour"), "brown": i18n.Mark("Brown|a colour"),
		"amber": i18n.Mark("Amber|a colour"), "lime": i18n.Mark("Lime|a colour"), "mint": i18n.Mark("Mint|a colour"),
	}[colour]
}
