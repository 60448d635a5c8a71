package payform

import (
	"slices"
	"testing"

	"smartlinks/internal/i18n"
)

func TestCountriesStandInTheOrderOfTheLanguage(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{
		"de": {"Armenien", "Österreich", "Polen", "Zypern"},
		"fr": {"Égypte", "Espagne", "États-Unis", "Zambie"},
		"es": {"Afganistán", "España", "México", "Zimbabue"},
		"ar": {"أستراليا", "إيران", "آيسلندا", "بلجيكا"},
	} {
		var names []string
		for _, c := range (View{Localizer: texts.For(lang)}).countries() {
			names = append(names, c.Name)
		}
		at := -1
		for _, name := range want {
			i := slices.Index(names, name)
			if i < 0 {
				t.Errorf("%s: %s is not there", lang, name)
			} else if i <= at {
				t.Errorf("%s: %s stands too early", lang, name)
			}
			at = i
		}
	}
}
