package ui

import "slices"

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
