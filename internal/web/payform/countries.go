package payform

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"smartlinks/internal/checkout"
)

// country is one that can be chosen.
type country struct{ Code, Name string }

// countries are all of them by their names in the reader's language, in its order.
func (v View) countries() []country {
	names := display.Regions(language.Make(v.Localizer.Lang()))
	var all []country
	for _, code := range checkout.Countries {
		if name := names.Name(language.MustParseRegion(code)); name != "" {
			all = append(all, country{code, name})
		}
	}
	slices.SortFunc(all, func(a, b country) int { return cmp.Compare(sortKey(a.Name), sortKey(b.Name)) })
	return all
}

// sortKey orders a name by its base letters, so that Österreich stands at O, as in all six
// languages no name of a country needs more. The tables of x/text/collate, which know
// every language, would add 1.3 MB to the program.
func sortKey(name string) string {
	base := func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.IsPunct(r) {
			return -1
		}
		return unicode.ToLower(r)
	}
	return strings.Map(base, norm.NFD.String(name))
}
