package i18n

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed currencies.txt
var currencyNames string

// currencies are the names of currencies by their codes, in the languages of Codes but the
// first, which is English.
var currencies = sync.OnceValue(func() map[string][]string {
	names := map[string][]string{}
	for line := range strings.Lines(currencyNames) {
		if cells := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(cells) == len(Codes()) {
			names[cells[0]] = cells[1:]
		}
	}
	return names
})

// Currency is the name of a currency as a list shows it; the English one where there is no
// other.
func (t Translator) Currency(code, english string) string {
	names, at := currencies()[code], slices.Index(Codes(), t.Lang())
	if at < 1 || names == nil || names[at-1] == "" {
		return english
	}
	return upperFirst(names[at-1])
}
