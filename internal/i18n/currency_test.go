package i18n_test

import (
	"testing"

	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
)

func TestCurrenciesHaveNamesInEveryLanguage(t *testing.T) {
	for code, want := range map[string]string{"en": "Swiss franc", "nl": "Zwitserse frank", "de": "Schweizer Franken", "fr": "Franc suisse", "es": "Franco suizo", "ar": "فرنك سويسري"} {
		if got := i18n.TranslatorFor(code).Currency("CHF", money.Currency("CHF").Name()); got != want {
			t.Errorf("in %s: %q, want %q", code, got, want)
		}
		for _, c := range money.Currencies() {
			if name := i18n.TranslatorFor(code).Currency(string(c), ""); code != "en" && name == "" {
				t.Errorf("%s has no name in %s", c, code)
			}
		}
	}
	if got := i18n.TranslatorFor("nl").Currency("XXX", "Unknown"); got != "Unknown" {
		t.Errorf("an unknown one is %q", got)
	}
}
