package product

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosimple/slug"
)

// maxSlug is the length of a slug in characters, as of a path.
const maxSlug = 80

// reservedSlugs may name pages of the shop one day.
var reservedSlugs = []string{"api", "basket", "cart", "checkout", "feed", "new", "order", "orders", "qr", "search", "shop"}

// slugs yields the slugs that a product may have, best first: its name in
// ASCII by the rules of the language, then with -2 to -99, then with the tail
// of its id, which is free. A slug starts with a letter.
func slugs(name, language, id string) func(yield func(string) bool) {
	base := baseSlug(name, language)
	return func(yield func(string) bool) {
		if !slices.Contains(reservedSlugs, base) && !yield(base) {
			return
		}
		for n := 2; n < 100; n++ {
			if !yield(suffixed(base, fmt.Sprint(n))) {
				return
			}
		}
		yield(suffixed(base, id[len(id)-8:]))
	}
}

// baseSlug turns any script into small letters, digits and hyphens.
func baseSlug(name, language string) string {
	s := slug.Make(strings.ReplaceAll(slug.MakeLang(name, language), "_", " "))
	switch {
	case s == "":
		return "product" // emoji alone, for instance
	case s[0] < 'a' || s[0] > 'z':
		s = "product-" + s
	}
	return cut(s, maxSlug)
}

func suffixed(base, suffix string) string {
	return cut(base, maxSlug-1-len(suffix)) + "-" + suffix
}

// cut shortens s, at the end of a word where one is near.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	whole := s[most] == '-'
	s = s[:most]
	if end := strings.LastIndexByte(s, '-'); !whole && end > most/2 {
		s = s[:end]
	}
	return strings.TrimRight(s, "-")
}
