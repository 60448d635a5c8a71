package business_test

import (
	"testing"

	"smartlinks/internal/business"
)

// English is spoken everywhere: no form guesses the United States from it.
func TestARegionIsNotGuessedFromALanguageOfTheWorld(t *testing.T) {
	for locale, want := range map[string]string{"en": "", "ar": "", "en-GB": "GB", "nl": "NL", "de-AT": "AT", "es": "ES", "": ""} {
		if got := (business.Business{Locale: locale}).Region(); got != want {
			t.Errorf("%q is of %q, not %q", locale, got, want)
		}
	}
}
