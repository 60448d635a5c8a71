package money_test

import (
	"testing"

	"smartlinks/internal/money"
)

func TestPercentIsWrittenAsItsReaderDoes(t *testing.T) {
	for language, want := range map[string]string{"en": "7.5%", "nl": "7,5%", "de-AT": "7,5\u00a0%", "fr": "7,5\u202f%", "es": "7,5\u00a0%", "ar": "7.5%"} {
		if got := money.Percent("7.5", language); got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
}
